"""Tells what happened about a request in plain words, a sentence each."""

from collections.abc import Callable
from datetime import datetime, timedelta

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
from helpline.stories.told import Story

# Says a moment as it is seen from the day of the happening: 18:00, Wed 08:00.
SayMoment = Callable[[datetime], str]

OUTCOMES = {
    Outcome.DONE: "done",
    Outcome.NEEDS_HELP: "still needs help",
    Outcome.SOMEONE_ELSE: "somebody else, please",
    Outcome.WORRIED: "worried",
    Outcome.NOT_HELPED: "the help did not arrive",
}
_LEGS = {
    LegOutcome.TALKED: "took the call",
    LegOutcome.PASSED: "pressed 2, to pass",
    LegOutcome.NOT_TAKEN: "picked up, but nobody pressed 1 (a voicemail?)",
    LegOutcome.NO_ANSWER: "no answer",
    LegOutcome.BUSY: "engaged",
    LegOutcome.FAILED: "could not be reached",
    LegOutcome.CALLER_GONE: "the caller had gone",
    LegOutcome.TAKEN_BY_OTHER: "somebody else was quicker",
    LegOutcome.LOST: "nobody ever said what became of it",
}
_ENDINGS = {
    CallStatus.COMPLETED: "the call was over",
    CallStatus.BUSY: "engaged",
    CallStatus.NO_ANSWER: "no answer",
    CallStatus.FAILED: "the call failed",
    CallStatus.CANCELED: "the call was called off",
}
_VOICEMAILS = {
    VoicemailStatus.AT_PROVIDER: "to be fetched",
    VoicemailStatus.FETCHED: "kept",
    VoicemailStatus.KEPT: "kept",
    VoicemailStatus.LOST: "LOST: it could not be fetched",
}
_TEXTS = {
    TextStatus.PROMISED: "to be sent",
    TextStatus.DROPPED: "not sent",
    TextStatus.SENDING: "being sent",
    TextStatus.UNKNOWN: "perhaps sent",
    TextStatus.SENT: "sent",
    TextStatus.DELIVERED: "delivered",
    TextStatus.UNDELIVERED: "DID NOT ARRIVE",
    TextStatus.FAILED: "FAILED",
}
_PROMISES = {
    CallbackStatus.UNDECIDED: " (a coordinator decides)",
    CallbackStatus.RINGING: ", ringing now",
}
_PROMISES_OVER = {
    CallbackStatus.KEPT: "rung back, as promised",
    CallbackStatus.GIVEN_UP: "never reached; the coordinators were told",
    CallbackStatus.CANCELED: "need not be rung back any more",
}
# Told by another happening already.
_TOLD_ELSEWHERE = frozenset(
    {"callback_given_up", "rang_through", "note_written", "text_written", "area_corrected_from"}
)


def tell(happening: Happening, story: Story, say: SayMoment) -> str | None:
    """What happened, in words; None where there is nothing more to say. Numbers are masked."""
    match happening:
        case CallBegan(asked_by=str(name)):
            return f"{name} rings {_caller(story)}"
        case CallBegan(is_callback=True):
            return f"{_caller(story)} is rung back"
        case CallBegan(line=line, number_doubted=is_doubted):
            doubt = ", and the phone network doubts that the number is theirs" if is_doubted else ""
            return f"{_caller(story)} rings {line}{doubt}"
        case Rung():
            return _rung(happening)
        case CallEnded(status=status):
            return _ENDINGS.get(status, str(status))
        case MessageLeft(seconds=seconds, is_gone=True):
            return f"a message of {_length(seconds)} (its sound is kept no longer)"
        case MessageLeft(seconds=seconds, status=status):
            return f"a message of {_length(seconds)} ({_VOICEMAILS[status]})"
        case Texted():
            return _texted(happening)
        case CallbackPromised(due_at=due_at, status=status, tries=tries):
            tried = f", rung {tries} times without an answer" if tries else ""
            return f"to be rung back by {say(due_at)}{_PROMISES.get(status, '')}{tried}"
        case CallbackOver(status=status):
            return _PROMISES_OVER.get(status, str(status))
        case Noted():
            return _noted(happening)
        case NoteWritten(volunteer=volunteer, words=words):
            return f"{volunteer} notes: {masked(' '.join(words.split()))}"


def _caller(story: Story) -> str:
    return story.caller or "a withheld number"


def _rung(rung: Rung) -> str:
    if rung.outcome is None:
        return f"{rung.volunteer}'s phone " + (
            "rings" if rung.rang_seconds is None else f"rang {rung.rang_seconds} s: talking"
        )
    talked = f", talked {_length(rung.talked_seconds)}" if rung.talked_seconds is not None else ""
    outcome = "pressed 1, but they did not get to talk" if rung.in_vain else _LEGS[rung.outcome]
    return f"{rung.volunteer}'s phone rang {rung.rang_seconds} s: {outcome}{talked}"


def _texted(text: Texted) -> str:
    body = masked(" ".join(text.body.split())) or "(no words)"
    if not text.from_us:
        return f"text from {text.who}: {body}"
    fared = _TEXTS.get(text.status, str(text.status))
    if text.dropped_because:
        fared = f"{fared}: {text.dropped_because.replace('_', ' ')}"
    return f"text to {text.who} ({fared}): {body}"


def _noted(note: Noted) -> str | None:
    if note.event in _TOLD_ELSEWHERE:
        return None
    outcome = note.event.removeprefix("outcome_")
    if outcome != note.event and outcome in set(Outcome):
        return f"{note.volunteer or 'the caller'}: {OUTCOMES[Outcome(outcome)]}"
    by = f"by {note.by}" if note.by and note.by != note.volunteer else ""
    who = " ".join(filter(None, (note.volunteer, by)))
    about = f" ({who})" if who else ""
    detail = f": {masked(note.detail)}" if note.detail else ""
    return f"noted: {note.event.replace('_', ' ')}{about}{detail}"


def _length(seconds: int) -> str:
    minutes, rest = divmod(timedelta(seconds=seconds).seconds, 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
