"""What somebody hears whose sign-in code is spoken to them, on a telephone that takes no texts."""

from ivr.steps import Flow, Menu, Say

LISTEN_KEY = "1"

# Nothing is said before somebody presses 1: a voicemail that anybody can ring must not learn it.
CODE_FLOW = Flow(
    "code",
    who_is_there=Menu(
        "sign_in_call", {LISTEN_KEY: "listen"}, silence="nobody", lost="nobody", tries=0
    ),
    listen=Say("sign_in_code"),
    nobody=Say("passed"),
)
