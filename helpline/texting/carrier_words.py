"""The words that belong to the phone carriers: none of them may be a command of ours."""

from typing import Final

# Twilio's own lists for long codes and toll-free numbers. A text that is one of these and nothing
# else, in capitals or not, is answered by the carrier before we hear of it.
STOP_WORDS: Final = frozenset(
    {"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"}
)
START_WORDS: Final = frozenset({"START", "YES", "UNSTOP"})
HELP_WORDS: Final = frozenset({"HELP", "INFO"})
CARRIER_WORDS: Final = STOP_WORDS | START_WORDS | HELP_WORDS
