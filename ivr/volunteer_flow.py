"""What a volunteer lives through when the line rings them."""

from ivr.steps import Check, Connect, Do, Flow, Menu, Say

TAKE_KEY, PASS_KEY = "1", "2"

# Whatever is not a pressed 1 ends in hanging up: a personal voicemail must never get the caller.
VOLUNTEER_FLOW = Flow(
    "volunteer",
    picked_up=Do("note_pick_up", then="caller_still_there"),
    caller_still_there=Check("caller_waits", yes="still_free", no="gone_or_done"),
    gone_or_done=Check("is_callback", yes="done_already", no="caller_gone"),
    done_already=Say("callback_done_already"),
    still_free=Check("is_free_to_take", yes="which_call", no="taken_by_other"),
    which_call=Check("is_callback", yes="which_callback", no="screening"),
    which_callback=Check("asked_for_it", yes="screening_through", no="screening_callback"),
    screening=Menu(
        "screening",
        {TAKE_KEY: "take", PASS_KEY: "pass"},
        silence="not_taken",
        lost="not_taken",
        tries=0,
    ),
    screening_callback=Menu(
        "screening_callback",
        {TAKE_KEY: "take", PASS_KEY: "pass"},
        silence="not_taken",
        lost="not_taken",
        tries=0,
    ),
    screening_through=Menu(
        "screening_through",
        {TAKE_KEY: "take", PASS_KEY: "pass"},
        silence="not_through",
        lost="not_through",
        tries=0,
    ),
    take=Check("caller_waits", yes="take_if_free", no="gone_or_done"),
    take_if_free=Check("is_free_to_take", yes="taken", no="taken_by_other"),
    taken=Do("take_call", then="connect_how"),
    connect_how=Check("is_callback", yes="connecting", no="connect"),
    connecting=Say("callback_connecting", then="connect"),
    connect=Connect(then="talked", unanswered="not_connected"),
    talked=Say("after_talk_volunteer"),
    not_connected=Check("is_callback", yes="whose_try", no="caller_gone"),
    whose_try=Check("asked_for_it", yes="through_no_answer", no="caller_no_answer"),
    through_no_answer=Say("through_no_answer"),
    caller_no_answer=Say("callback_no_answer"),
    caller_gone=Do("note_caller_gone", then="say_caller_gone"),
    say_caller_gone=Say("caller_gone"),
    taken_by_other=Do("note_taken_by_other", then="say_taken_by_other"),
    say_taken_by_other=Say("taken_by_other"),
    **{"pass": Do("pass_call", then="passed")},
    passed=Say("passed"),
    not_through=Do("note_not_taken", then="passed"),
    not_taken=Do("note_not_taken", then="say_not_taken"),
    say_not_taken=Say("not_taken"),
)
