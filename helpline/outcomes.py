"""What can be said of how a request went."""

from enum import StrEnum


class Outcome(StrEnum):
    """What the volunteer, or the caller next morning, said of a request last."""

    DONE = "done"
    NEEDS_HELP = "needs_help"
    SOMEONE_ELSE = "someone_else"
    WORRIED = "worried"
    NOT_HELPED = "not_helped"
