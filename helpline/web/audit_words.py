"""What each event of the audit log is called on its page: a sentence, and under which heading."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from flask_babel import gettext, lazy_gettext

from helpline.auditing.reading import Line
from helpline.privacy.forgetting import NAMELESS
from helpline.web.house import house
from helpline.web.wording import day, language

_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d")
# Of each: what it says where somebody did it on the pages, and where not. None: as the other.
_Said = tuple[Any, Any]
_PEOPLE: Final[Mapping[str, _Said]] = {
    "member_joined": (lazy_gettext("%(by)s let %(volunteer)s join the group."), None),
    "member_left": (lazy_gettext("%(by)s removed %(volunteer)s from the group."), None),
    "induction_ticked": (lazy_gettext("%(by)s ticked for %(volunteer)s: %(detail)s."), None),
    "induction_unticked": (
        lazy_gettext("%(by)s took back what was ticked for %(volunteer)s: %(detail)s."),
        None,
    ),
    "inducted": (lazy_gettext("%(volunteer)s is inducted, and rung from then on."), None),
    "volunteer_paused": (
        lazy_gettext("%(by)s paused %(volunteer)s until %(detail)s."),
        None,
    ),
    "pause_ended": (lazy_gettext("%(by)s ended the pause of %(volunteer)s."), None),
    "coordinator_made": (lazy_gettext("%(by)s made %(volunteer)s a coordinator."), None),
    "coordinator_ended": (
        lazy_gettext("%(by)s made %(volunteer)s a volunteer like the others."),
        None,
    ),
    "details_changed": (
        lazy_gettext("%(by)s changed what is written about %(volunteer)s: %(detail)s."),
        None,
    ),
    "number_changed": (lazy_gettext("%(by)s changed the number of %(volunteer)s."), None),
    "volunteer_stopped": (None, lazy_gettext("%(volunteer)s said STOP.")),
    "asked_to_help": (lazy_gettext("%(by)s asked %(volunteer)s to help."), None),
    "can_help": (None, lazy_gettext("%(volunteer)s said that they can help.")),
    "cannot_help": (None, lazy_gettext("%(volunteer)s said that they cannot help this time.")),
}
_ERASED: Final[Mapping[str, _Said]] = {
    "person_exported": (
        lazy_gettext("%(by)s took a file with all that is known of somebody."),
        lazy_gettext("All that is known of somebody was taken on the helpline's own machine."),
    ),
    "figures_taken_out": (
        lazy_gettext("%(by)s took out the figures as a file (%(detail)s)."),
        None,
    ),
    "erasure_asked": (
        lazy_gettext("%(by)s asked that somebody be erased (%(detail)s)."),
        lazy_gettext("Somebody is to be erased (%(detail)s)."),
    ),
    "erasure_undone": (
        lazy_gettext("%(by)s undid that somebody be erased (%(detail)s)."),
        lazy_gettext("Somebody is not erased after all (%(detail)s)."),
    ),
    "person_erased": (None, lazy_gettext("Somebody was erased (%(detail)s).")),
}
_SIGNING_IN: Final[Mapping[str, _Said]] = {
    "signed_in": (lazy_gettext("%(volunteer)s signed in."), None),
    "code_sent": (None, lazy_gettext("%(volunteer)s asked for a code to sign in.")),
    "code_wrong": (
        None,
        lazy_gettext("Somebody typed a wrong code to sign in as %(volunteer)s."),
    ),
    "link_made": (None, lazy_gettext("A link was made by which %(volunteer)s can sign in.")),
    "visit_ended": (lazy_gettext("%(by)s signed out a browser of %(volunteer)s."), None),
    "calendar_cancelled": (lazy_gettext("%(by)s cancelled the address of their calendar."), None),
    "group_calendars_cancelled": (
        lazy_gettext("%(by)s cancelled every address of the group's calendar."),
        None,
    ),
}
_NUMBERS: Final[Mapping[str, _Said]] = {
    "number_shown": (lazy_gettext("%(by)s looked at a number."), None),
    "rang_through": (lazy_gettext("%(by)s asked to be put through to the caller."), None),
    "caller_blocked": (
        lazy_gettext("%(by)s blocked a caller (%(detail)s)."),
        lazy_gettext("A caller was blocked (%(detail)s)."),
    ),
    "caller_unblocked": (
        lazy_gettext("%(by)s let a blocked caller through."),
        lazy_gettext("A blocked caller was let through."),
    ),
}
_ROTA: Final[Mapping[str, _Said]] = {
    "rota_edited": (
        lazy_gettext("%(by)s changed the rota."),
        lazy_gettext("The rota was changed."),
    ),
    "rota_taken_out": (lazy_gettext("%(by)s took out the rota as a file (%(detail)s)."), None),
    "rota_undone": (lazy_gettext("%(by)s undid a change of the rota."), None),
    "swap_asked": (lazy_gettext("%(by)s asked for somebody to take their shift."), None),
    "swap_taken": (lazy_gettext("%(by)s took over a shift."), None),
    "swap_withdrawn": (lazy_gettext("%(by)s keeps their shift after all."), None),
}
_REQUESTS: Final[Mapping[str, _Said]] = {
    "request_taken": (lazy_gettext("%(by)s took the request."), None),
    "request_handed": (lazy_gettext("%(by)s handed the request to %(volunteer)s."), None),
    "request_let_go": (lazy_gettext("%(by)s handed the request back: nobody has it."), None),
    "request_described": (lazy_gettext("%(by)s said what it is about: %(detail)s."), None),
    "request_due": (lazy_gettext("%(by)s said by when it is due."), None),
    "request_not_met": (lazy_gettext("%(by)s closed it: it could not be met, %(detail)s."), None),
    "request_withdrawn": (lazy_gettext("%(by)s closed it: it is not needed any more."), None),
    "request_other_group": (lazy_gettext("%(by)s handed it to the group %(detail)s."), None),
    "request_from_group": (lazy_gettext("%(by)s handed it over from the group %(detail)s."), None),
    "area_corrected": (
        None,
        lazy_gettext("The neighbour corrected where they live: it went to the group %(detail)s."),
    ),
    "area_corrected_from": (
        None,
        lazy_gettext("The neighbour corrected where they live: it came from the group %(detail)s."),
    ),
    "outcome_done": (
        lazy_gettext("%(by)s said that it is done."),
        lazy_gettext("%(volunteer)s said that it is done."),
    ),
    "outcome_needs_help": (
        lazy_gettext("%(by)s said that help is still needed."),
        lazy_gettext("%(volunteer)s said that help is still needed."),
    ),
    "outcome_someone_else": (
        lazy_gettext("%(by)s asked for somebody else to do it."),
        lazy_gettext("%(volunteer)s asked for somebody else to do it."),
    ),
    "outcome_worried": (
        lazy_gettext("%(by)s is worried."),
        lazy_gettext("%(volunteer)s is worried."),
    ),
    "outcome_not_helped": (
        lazy_gettext("%(by)s said that the help did not arrive."),
        lazy_gettext("%(volunteer)s said that the help did not arrive."),
    ),
    "note_written": (lazy_gettext("%(by)s wrote a note."), None),
    "card_changed": (lazy_gettext("%(by)s changed the caller's card."), None),
    "offer_asked": (lazy_gettext("%(by)s asked somebody who had offered to help."), None),
    "kept_aside_opened": (
        lazy_gettext("%(by)s opened a request out of texts that were kept aside."),
        None,
    ),
    "kept_aside_closed": (
        lazy_gettext("%(by)s has gone through the texts that were kept aside."),
        None,
    ),
}
_CALLS: Final[Mapping[str, _Said]] = {
    "callback_wanted": (lazy_gettext("%(by)s decided that the caller is rung back."), None),
    "callback_canceled": (
        lazy_gettext("%(by)s decided that the caller need not be rung back."),
        lazy_gettext("The caller need not be rung back any more."),
    ),
    "callback_late": (None, lazy_gettext("The caller had not been rung back by then.")),
    "callback_not_allowed": (
        None,
        lazy_gettext("The caller was not rung back: their number is abroad, or costs extra."),
    ),
    "callback_given_up": (None, lazy_gettext("The caller was rung back, and never answered.")),
    "call_missed": (None, lazy_gettext("Somebody rang while the line was out of order.")),
    "leg_refused": (None, lazy_gettext("The telephone of %(volunteer)s could not be rung.")),
    "voicemail_heard": (lazy_gettext("%(by)s listened to the voicemail."), None),
    "voicemail_silent": (None, lazy_gettext("A voicemail without a word.")),
    "voicemail_lost": (None, lazy_gettext("A voicemail could not be fetched.")),
    "recording_not_deleted": (
        None,
        lazy_gettext("The phone network may still have a copy of a voicemail."),
    ),
    "text_written": (lazy_gettext("%(by)s wrote a text from the line."), None),
    "text_failed": (None, lazy_gettext("A text could not be sent.")),
    "text_undelivered": (None, lazy_gettext("A text did not arrive.")),
    "text_looked_up": (None, lazy_gettext("A text that seemed lost had been sent.")),
    "text_not_taken": (None, lazy_gettext("A text could not be answered by the line itself.")),
    "trace_not_deleted": (
        None,
        lazy_gettext(
            "The phone network has not deleted a call or a text; it is asked every night."
        ),
    ),
    "audit_forgotten": (
        None,
        lazy_gettext("The oldest lines were taken from this log: their time had come."),
    ),
    "file_loaded": (None, lazy_gettext("A file was loaded on the helpline's own machine.")),
}
# What can be asked for: a word for the address, its words, the events.
HEADINGS: Final[Mapping[str, tuple[Any, Mapping[str, _Said]]]] = {
    "people": (lazy_gettext("People"), _PEOPLE),
    "erased": (lazy_gettext("Handed over and erased"), _ERASED),
    "signing-in": (lazy_gettext("Signing in"), _SIGNING_IN),
    "numbers": (lazy_gettext("Callers' and volunteers' numbers"), _NUMBERS),
    "rota": (lazy_gettext("Rota"), _ROTA),
    "requests": (lazy_gettext("Requests"), _REQUESTS),
    "calls": (lazy_gettext("Calls and texts"), _CALLS),
}
EVENTS: Final[Mapping[str, _Said]] = {
    event: said for _, events in HEADINGS.values() for event, said in events.items()
}
_FIELDS: Final = {
    "name": lazy_gettext("the name"),
    "languages": lazy_gettext("the languages"),
    "area": lazy_gettext("where they live"),
    "can_do": lazy_gettext("what they can do"),
}


def sentence(line: Line) -> str:
    """What happened, in words."""
    said = _said(line)
    if said is None:
        # One that was written by another version of the helpline.
        said = line.event.replace("_", " ")
    words = str(said) % _values(line)
    return words[:1].upper() + words[1:]


def _said(line: Line) -> Any:
    if line.event == "number_shown" and line.volunteer:
        return _NUMBER_OF
    if line.event in _BY_CALLER and not line.by and not line.volunteer:
        return _BY_CALLER[line.event]
    by_somebody, by_itself = EVENTS.get(line.event, (None, None))
    return (by_somebody if line.by else by_itself) or by_itself or by_somebody


_BY_CALLER: Final[Mapping[str, Any]] = {
    "outcome_done": lazy_gettext("The caller said that the help arrived."),
    "outcome_not_helped": lazy_gettext("The caller said that the help did not arrive."),
}
_NUMBER_OF = lazy_gettext("%(by)s looked at the number of %(volunteer)s.")


def _values(line: Line) -> dict[str, str]:
    return {
        "by": _name(line.by) or str(gettext("the helpline")),
        "volunteer": _name(line.volunteer) or str(gettext("somebody")),
        "detail": _detail(line),
    }


def _name(name: str | None) -> str | None:
    return str(gettext("somebody who is forgotten")) if name == NAMELESS else name


def _detail(line: Line) -> str:
    said = line.detail or ""
    match line.event:
        case "induction_ticked" | "induction_unticked":
            words = house().rules.config.induction.get(said, {})
            return words.get(language()) or said.replace("_", " ")
        case "volunteer_paused":
            return day(date.fromisoformat(said))
        case "figures_taken_out" | "rota_taken_out":
            return _DATE.sub(lambda found: day(date.fromisoformat(found[0])), said)
        case "details_changed":
            return ", ".join(str(_FIELDS.get(field, field)) for field in said.split())
        case "request_not_met":
            return house().rules.config.requests.reason(said, language())
        case "caller_blocked":
            # Older lines say the end of the number before.
            until = date.fromisoformat(said[-len("2026-12-24") :])
            return str(gettext("until %(day)s", day=day(until)))
        case "erasure_asked" | "erasure_undone" | "person_erased":
            return str(gettext("no. %(number)s", number=said.removeprefix("erasure ")))
        case "request_described":
            return _described(said)
    return said


def _described(said: str) -> str:
    """Category and urgency, as the request's page writes them down."""
    category, _, urgency = said.partition(", ")
    words = house().rules.config.requests
    return ", ".join(
        found
        for key, found in (
            (category, words.category(category, language())),
            (urgency, words.urgency(urgency, language())),
        )
        if re.fullmatch(r"\w+", key)
    )
