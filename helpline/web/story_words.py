"""Tells a request's story on its page: a sentence for each thing that happened, day by day."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from flask_babel import gettext, lazy_gettext, ngettext

from helpline.logs import masked
from helpline.models import (
    CallbackStatus,
    CallStatus,
    LegOutcome,
    TextStatus,
    VoicemailStatus,
)
from helpline.stories.kinds import (
    CallbackOver,
    CallbackPromised,
    CallBegan,
    CallEnded,
    Happening,
    MessageLeft,
    Noted,
    NoteWritten,
    Rung,
    Texted,
)
from helpline.web.noted_words import Choices, noted_words
from helpline.web.wording import clock, duration, moment, zone

_LEGS: Final = {
    LegOutcome.TALKED: lazy_gettext("took the call"),
    LegOutcome.PASSED: lazy_gettext("passed it on"),
    LegOutcome.NOT_TAKEN: lazy_gettext("picked up, but did not take it; perhaps a voicemail"),
    LegOutcome.NO_ANSWER: lazy_gettext("no answer"),
    LegOutcome.BUSY: lazy_gettext("engaged"),
    LegOutcome.FAILED: lazy_gettext("could not be rung"),
    LegOutcome.CALLER_GONE: lazy_gettext("the caller had gone"),
    LegOutcome.TAKEN_BY_OTHER: lazy_gettext("somebody else was quicker"),
    LegOutcome.LOST: lazy_gettext("nobody ever said what became of it"),
}
_IN_VAIN: Final = lazy_gettext("pressed 1, but they did not get to talk")
_ENDINGS: Final = {
    CallStatus.IN_PROGRESS: lazy_gettext("The call goes on."),
    CallStatus.COMPLETED: lazy_gettext("The call was over."),
    CallStatus.BUSY: lazy_gettext("Their telephone was engaged."),
    CallStatus.NO_ANSWER: lazy_gettext("Nobody answered."),
    CallStatus.FAILED: lazy_gettext("The call failed."),
    CallStatus.CANCELED: lazy_gettext("The call was called off."),
}
_TEXTS: Final = {
    TextStatus.RECEIVED: lazy_gettext("received"),
    TextStatus.PROMISED: lazy_gettext("to be sent"),
    TextStatus.SENDING: lazy_gettext("being sent"),
    TextStatus.UNKNOWN: lazy_gettext("perhaps sent"),
    TextStatus.SENT: lazy_gettext("sent"),
    TextStatus.DELIVERED: lazy_gettext("delivered"),
    TextStatus.UNDELIVERED: lazy_gettext("did not arrive"),
    TextStatus.FAILED: lazy_gettext("could not be sent"),
    TextStatus.DROPPED: lazy_gettext("not sent"),
}
_DROPPED: Final = {
    "opted_out": lazy_gettext("they had said STOP"),
    "no_texts": lazy_gettext("they do not want texts"),
    "answered": lazy_gettext("it was answered meanwhile"),
    "settled": lazy_gettext("they had said how it went"),
    "closed": lazy_gettext("the request was closed"),
    "stale": lazy_gettext("it was too late for it"),
    "rung_back": lazy_gettext("they had been rung back by then"),
    "gathered": lazy_gettext("it was told in one text with others"),
    "not_allowed": lazy_gettext("the number is abroad, or costs extra"),
}
_CALLBACKS_OVER: Final = {
    CallbackStatus.KEPT: lazy_gettext("They were spoken with, as promised."),
    CallbackStatus.GIVEN_UP: lazy_gettext("They were never reached; the coordinators were told."),
    CallbackStatus.CANCELED: lazy_gettext("They need not be rung back any more."),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened. `body` is what somebody wrote: it never runs as markup.

    `side` is "them" for what a neighbour said, "us" for what we did, "note" for a note.
    """

    at: datetime
    words: str
    body: str | None = field(default=None, repr=False)
    side: str = "us"
    voicemail: MessageLeft | None = None


def by_day(story: Iterable[Happening], choices: Choices) -> list[tuple[date, list[Entry]]]:
    """The story in order, the entries of each day together, by the clock of the group."""
    days: list[tuple[date, list[Entry]]] = []
    for happening in story:
        entry = tell(happening, choices)
        if entry is None:
            continue
        day = entry.at.astimezone(zone()).date()
        if not days or days[-1][0] != day:
            days.append((day, []))
        days[-1][1].append(entry)
    return days


def tell(happening: Happening, choices: Choices) -> Entry | None:
    """One thing that happened; None where something else tells it."""
    at = happening.at
    match happening:
        case CallBegan(asked_by=str(name)):
            said = gettext("%(by)s rings %(caller)s.", by=name, caller=choices.caller)
            return Entry(at, said)
        case CallBegan(is_callback=True):
            return Entry(at, gettext("%(caller)s is rung back.", caller=choices.caller))
        case CallBegan(line=line, number_doubted=is_doubted):
            said = gettext("%(caller)s rings %(line)s.", caller=choices.caller, line=line)
            if is_doubted:
                doubt = gettext("The phone network doubts that the number is theirs.")
                said = f"{said} {doubt}"
            return Entry(at, said, side="them")
        case Rung():
            return Entry(at, _rung(happening))
        case CallEnded(status=status):
            return Entry(at, str(_ENDINGS[status]))
        case MessageLeft():
            return Entry(at, _message(happening), side="them", voicemail=happening)
        case Texted():
            return _texted(happening, choices)
        case CallbackPromised():
            return Entry(at, _promised(happening))
        case CallbackOver(status=status):
            return Entry(at, str(_CALLBACKS_OVER.get(status, status)))
        case NoteWritten(volunteer=volunteer, words=words):
            said = gettext("%(volunteer)s wrote a note:", volunteer=volunteer)
            return Entry(at, said, _seen(words, choices), side="note")
        case Noted():
            said = noted_words(happening, choices)
            return None if said is None else Entry(at, said)


def _seen(words: str, choices: Choices) -> str:
    return words if choices.shows_numbers else masked(words)


def _rung(rung: Rung) -> str:
    name = {"volunteer": rung.volunteer}
    if rung.outcome is None:
        if rung.rang_seconds is None:
            return str(gettext("%(volunteer)s's telephone rings.", **name))
        return str(gettext("%(volunteer)s has picked up.", **name))
    words: str = gettext(
        "%(volunteer)s's telephone rang for %(length)s: %(outcome)s.",
        length=_seconds(rung.rang_seconds or 0),
        outcome=_IN_VAIN if rung.in_vain else _LEGS[rung.outcome],
        **name,
    )
    if rung.talked_seconds is None:
        return words
    talked = gettext("They talked for %(length)s.", length=_seconds(rung.talked_seconds))
    return f"{words} {talked}"


def _seconds(count: int) -> str:
    return (
        str(ngettext("%(num)d second", "%(num)d seconds", count)) if count < 60 else duration(count)
    )


def _message(left: MessageLeft) -> str:
    length = duration(left.seconds)
    if left.is_gone:
        return str(
            gettext(
                "A voicemail of %(length)s was left; its sound is kept no longer.", length=length
            )
        )
    if left.status is VoicemailStatus.LOST:
        return str(gettext("A voicemail of %(length)s was left, and is lost.", length=length))
    return str(gettext("A voicemail of %(length)s was left.", length=length))


def _texted(text: Texted, choices: Choices) -> Entry:
    body = _seen(text.body, choices) or gettext("(no words)")
    if not text.from_us:
        said = gettext("Text from %(who)s:", who=text.who)
        return Entry(text.at, said, body, side="them")
    fared = str(_TEXTS[text.status])
    if text.dropped_because is not None:
        fared = f"{fared}: {_DROPPED.get(text.dropped_because, text.dropped_because)}"
    said = gettext("Text to %(who)s (%(fared)s):", who=text.who, fared=fared)
    return Entry(text.at, said, body)


def _promised(promised: CallbackPromised) -> str:
    days = {each.astimezone(zone()).date() for each in (promised.at, promised.due_at)}
    # It stands under the day on which it was promised.
    due = clock(promised.due_at) if len(days) == 1 else moment(promised.due_at)
    if promised.status is CallbackStatus.UNDECIDED:
        return str(
            gettext("They never said a word. Shall they be rung back? If so, by %(due)s.", due=due)
        )
    words: str = gettext("To be rung back by %(due)s.", due=due)
    if promised.tries:
        tried = ngettext(
            "Rung %(num)d time without an answer.",
            "Rung %(num)d times without an answer.",
            promised.tries,
        )
        return f"{words} {tried}"
    return words


def news(story: Iterable[Happening], since: datetime, choices: Choices) -> Iterator[Entry]:
    """What has happened since a form was shown; what we shall do later is no news yet."""
    for happening in story:
        # What came at that very moment may have come after the form was read.
        if happening.at >= since and not isinstance(happening, Texted):
            entry = tell(happening, choices)
            if entry is not None:
                yield entry
