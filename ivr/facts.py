"""What a conversation may know when it decides what is said next."""

from dataclasses import dataclass

from helpline.areas import Area


@dataclass(frozen=True, slots=True)
class Facts:
    """The state of the world at one turn, as plain values; every Check names one of the bools."""

    is_blocked: bool = False
    # More calls than any neighbour makes, or than all of them do.
    rings_too_often: bool = False
    seems_robot: bool = False
    is_known_line: bool = True
    knows_area: bool = True
    # One that we see, and ring.
    has_number: bool = True
    is_open: bool = True
    # A volunteer's leg: is the caller still on the line, and has nobody else taken the call?
    caller_waits: bool = True
    is_free_to_take: bool = True
    is_callback: bool = False
    # They asked, on the pages, for their own telephone to ring.
    asked_for_it: bool = False
    # The areas that can be chosen, in the order of their keys.
    areas: tuple[Area, ...] = ()


@dataclass(frozen=True, slots=True)
class TextFacts:
    """The state of the world when a text comes in; every Check of the text flow names one."""

    is_known_line: bool = True
    said_stop: bool = False
    said_start: bool = False
    is_blocked: bool = False
    # More than any neighbour texts; and more than all of them do, from a number nobody knows.
    texts_too_often: bool = False
    was_told_so: bool = False
    is_in_flood: bool = False
    said_it_already: bool = False
    # Could they help? As `helpline.helping.answers` has it.
    answers_help: bool = False
    has_several_helps: bool = False
    says_can: bool = False
    says_cannot: bool = False
    is_still_needed: bool = True
    answers_outcome: bool = False
    knows_code: bool = False
    has_several_codes: bool = False
    # They took it on just now: their A or B may be the same answer again.
    has_just_said_so: bool = False
    takes_it_back: bool = False
    says_done: bool = False
    # The neighbour has been promised a call since they were asked.
    rang_since: bool = False
    says_needs_help: bool = False
    says_someone_else: bool = False
    says_worried: bool = False
    asks_to_be_rung: bool = False
    answers_question: bool = False
    was_helped: bool = False
    asks_for_nothing: bool = False
    has_open_request: bool = False
    tells_area: bool = False
    is_acknowledged: bool = False
    has_words: bool = True
    has_media: bool = False
    knows_area: bool = True
    # A postcode, or an area's name, and nothing of what they need.
    says_only_where: bool = False
