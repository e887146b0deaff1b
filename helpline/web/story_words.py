"""Tells a request's story on its page: a sentence for each thing that happened, day by day."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from flask_babel import gettext, lazy_gettext, ngettext

from helpline.logs import masked
from helpline.models import (
    CallbackStatus,
    CallStatus,
    LegOutcome,
    Outcome,
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
from helpline.web.wording import duration, moment, zone

OUTCOME_WORDS: Final = {
    Outcome.DONE: lazy_gettext("done"),
    Outcome.NEEDS_HELP: lazy_gettext("help is still needed"),
    Outcome.SOMEONE_ELSE: lazy_gettext("somebody else, please"),
    Outcome.WORRIED: lazy_gettext("worried"),
    Outcome.NOT_HELPED: lazy_gettext("the help did not arrive"),
}
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
# Told by what happened itself.
_TOLD_ELSEWHERE: Final = frozenset(
    {
        *("callback_given_up", "callback_canceled", "note_written", "text_written"),
        *("text_failed", "text_undelivered", "text_looked_up", "request_from_group"),
        *("voicemail_heard", "rang_through"),
    }
)
_BY_SOMEBODY: Final = {
    "request_taken": lazy_gettext("%(by)s has it now."),
    "request_handed": lazy_gettext("%(by)s handed it to %(volunteer)s."),
    "request_let_go": lazy_gettext("%(by)s handed it back: nobody has it."),
    "request_withdrawn": lazy_gettext("%(by)s closed it: it is not needed any more."),
    "request_other_group": lazy_gettext("%(by)s handed it to the group %(detail)s."),
    "callback_wanted": lazy_gettext("%(by)s decided that they are rung back."),
    "number_shown": lazy_gettext("%(by)s looked at their number."),
    "asked_to_help": lazy_gettext("%(by)s asked %(volunteer)s whether they could help."),
    "offer_asked": lazy_gettext("%(by)s asked somebody who has offered help."),
    "can_help": lazy_gettext("%(volunteer)s can help."),
    "cannot_help": lazy_gettext("%(volunteer)s cannot, this time."),
    "card_changed": lazy_gettext("%(by)s changed the caller's card."),
    "kept_aside_opened": lazy_gettext("%(by)s opened it: their texts had been kept aside."),
    "kept_aside_closed": lazy_gettext("%(by)s has gone through all of it."),
    "member_joined": lazy_gettext("%(by)s made them a volunteer: %(volunteer)s."),
}
_BY_ITSELF: Final = {
    "callback_not_allowed": lazy_gettext(
        "Their number is abroad, or costs extra, and is not rung: the coordinators were told."
    ),
    "callback_late": lazy_gettext("We had not rung them by then: the coordinators were told."),
    "call_missed": lazy_gettext(
        "The line was out of order: the phone network told us of the call afterwards."
    ),
    "voicemail_silent": lazy_gettext("Nobody said a word after the tone."),
    "voicemail_lost": lazy_gettext("The voicemail could not be fetched."),
    "text_not_taken": lazy_gettext("We could not answer their text by ourselves."),
    "recording_not_deleted": lazy_gettext(
        "The phone network still has a copy of the voicemail: please ask whoever runs the line."
    ),
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


@dataclass(frozen=True)
class Choices:
    """What a story needs to know besides: the words of config.yaml, and the caller's name.

    `shows_numbers` leaves the numbers in what people wrote as they are.
    """

    caller: str
    category: Callable[[str], str]
    urgency: Callable[[str], str]
    reason: Callable[[str], str]
    shows_numbers: bool = False


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
            said = _noted(happening, choices)
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
        outcome=_LEGS[rung.outcome],
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
    due = moment(promised.due_at)
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


def _noted(noted: Noted, choices: Choices) -> str | None:
    if noted.event in _TOLD_ELSEWHERE:
        return None
    outcome = noted.event.removeprefix("outcome_")
    if outcome != noted.event and outcome in set(Outcome):
        who = noted.volunteer or choices.caller
        return f"{who}: {OUTCOME_WORDS[Outcome(outcome)]}."
    if noted.event in _BY_ITSELF:
        return str(_BY_ITSELF[noted.event])
    names = {"by": noted.by or gettext("Somebody"), "volunteer": noted.volunteer or ""}
    if noted.event in _BY_SOMEBODY:
        return str(_BY_SOMEBODY[noted.event]) % {**names, "detail": noted.detail or ""}
    if noted.event in _DETAILED:
        return _DETAILED[noted.event](noted.detail or "", names, choices)
    # Whatever another page wrote down: a line of the log is never left out of the story.
    words = noted.event.replace("_", " ")
    about = ", ".join(filter(None, (noted.volunteer, noted.by)))
    return f"{words} ({about})" if about else words


def _described(detail: str, names: dict[str, Any], choices: Choices) -> str:
    category, _, urgency = detail.partition(", ")
    said = ", ".join(
        word(key)
        for key, word in ((category, choices.category), (urgency, choices.urgency))
        if key not in ("", "-")
    )
    return str(gettext("%(by)s: it is about %(said)s.", by=names["by"], said=said or "–"))


def _due(detail: str, names: dict[str, Any], _choices: Choices) -> str:
    if not detail:
        return str(gettext("%(by)s: it is due at no set time.", by=names["by"]))
    due = moment(datetime.fromisoformat(detail))
    return str(gettext("%(by)s: it is due by %(due)s.", by=names["by"], due=due))


def _not_met(detail: str, names: dict[str, Any], choices: Choices) -> str:
    return str(
        gettext(
            "%(by)s closed it: it could not be met (%(why)s).",
            by=names["by"],
            why=choices.reason(detail),
        )
    )


_DETAILED: Final[dict[str, Callable[[str, dict[str, Any], Choices], str]]] = {
    "request_described": _described,
    "request_due": _due,
    "request_not_met": _not_met,
}


def news(story: Iterable[Happening], since: datetime, choices: Choices) -> Iterator[Entry]:
    """What has happened since a form was shown; what we shall do later is no news yet."""
    for happening in story:
        if happening.at > since and not isinstance(happening, Texted):
            entry = tell(happening, choices)
            if entry is not None:
                yield entry
