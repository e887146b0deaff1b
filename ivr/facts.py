"""What a conversation may know when it decides what is said next."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Facts:
    """The state of the world at one turn, as plain values; every Check names one of the bools."""

    is_blocked: bool = False
    is_known_line: bool = True
    knows_area: bool = True
    has_number: bool = True
    is_open: bool = True
    # A volunteer's leg: is the caller still on the line, and has nobody else taken the call?
    caller_waits: bool = True
    is_free_to_take: bool = True
    is_callback: bool = False
    # The areas that can be chosen, in the order of their keys: (group id, name).
    areas: tuple[tuple[int, str], ...] = ()
