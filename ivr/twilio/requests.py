"""Turns Twilio's forms into small frozen values, or refuses them; a form travels no further."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from helpline.models import CallStatus, LegOutcome, TextStatus
from helpline.phone_numbers import caller_id
from helpline.sound import SHORTEST_MESSAGE_SECONDS
from ivr.engine import (
    ANSWERED,
    NOT_TAKEN,
    SILENCE,
    Heard,
    Sound,
)
from ivr.twilio.statuses import CALL_STATUSES, LEG_OUTCOMES, TEXT_STATUSES, read

Form = Mapping[str, str]

_SID = re.compile(r"[A-Z]{2}[0-9a-f]{32}")


class BadForm(ValueError):
    """A form lacks what Twilio always sends; the message names the field, never its value."""


@dataclass(frozen=True, slots=True)
class CallEvent:
    """A turn of a call came in. `from_number` is E.164, None where it is withheld."""

    call_sid: str
    from_number: str | None = field(repr=False)
    to_number: str
    heard: Heard
    # How the network says a dialled leg ended, where that is what happened.
    leg_outcome: LegOutcome | None = None
    talked_seconds: int = 0
    recording_sid: str | None = None
    recording_seconds: int = 0
    # The receiver is down already: whatever is answered now, nobody hears it.
    is_over: bool = False
    # The wait in a queue is over; what was heard says how.
    left_queue: bool = False
    # Whether the network doubts that the number is the caller's own; None: it does not say.
    number_doubted: bool | None = None
    # A leg that rings inside a Dial of the caller's, not one that we placed by itself.
    is_whisper: bool = False


@dataclass(frozen=True, slots=True)
class CallProgress:
    """A call or a leg has come further; both words are None while it is still going on."""

    call_sid: str
    status: CallStatus | None
    leg_outcome: LegOutcome | None
    seconds: int


@dataclass(frozen=True, slots=True)
class RecordingDone:
    """A recording is ready to be fetched; Twilio does not say again whose call it was."""

    call_sid: str
    recording_sid: str
    seconds: int


@dataclass(frozen=True, slots=True)
class TextEvent:
    """A text came in; `from_number` is as Twilio gave it."""

    message_sid: str
    from_number: str = field(repr=False)
    to_number: str
    body: str = field(repr=False)
    media_count: int


@dataclass(frozen=True, slots=True)
class TextProgress:
    """A text of ours has come further; `status` is None where that tells us nothing new."""

    message_sid: str
    status: TextStatus | None
    error_code: int | None


def call_event(form: Form) -> CallEvent:
    """A turn of a call, from any TwiML request. Raises BadForm, UnknownStatus."""
    _need(form, "AccountSid", "From", "To", "CallStatus")
    outcome = None
    if "DialCallStatus" in form:
        outcome = read(LEG_OUTCOMES, form["DialCallStatus"])
    return CallEvent(
        call_sid=_sid(form, "CallSid"),
        from_number=caller_id(form["From"]),
        to_number=form["To"],
        heard=_heard(form),
        leg_outcome=outcome,
        talked_seconds=_number(form, "DialCallDuration"),
        recording_sid=_recording_sid(form),
        recording_seconds=_number(form, "RecordingDuration"),
        is_over=read(CALL_STATUSES, form["CallStatus"]) is not None,
        left_queue="QueueResult" in form,
        is_whisper=bool(form.get("ParentCallSid")),
        number_doubted=_doubted(form.get("StirVerstat", "")),
    )


def call_progress(form: Form) -> CallProgress:
    """A status callback of a call or a leg. Raises BadForm, UnknownStatus."""
    _need(form, "AccountSid", "CallStatus")
    return CallProgress(
        call_sid=_sid(form, "CallSid"),
        status=read(CALL_STATUSES, form["CallStatus"]),
        leg_outcome=read(LEG_OUTCOMES, form["CallStatus"]),
        seconds=_number(form, "CallDuration"),
    )


def recording_done(form: Form) -> RecordingDone:
    """A recording's status callback; one without audio (`absent`) lasts 0 s. Raises BadForm."""
    _need(form, "AccountSid", "RecordingStatus")
    seconds = _number(form, "RecordingDuration") if form["RecordingStatus"] == "completed" else 0
    return RecordingDone(_sid(form, "CallSid"), _sid(form, "RecordingSid"), seconds)


def text_event(form: Form) -> TextEvent:
    """A text that came in. Raises BadForm."""
    _need(form, "AccountSid", "From", "To")
    return TextEvent(
        message_sid=_sid(form, "MessageSid"),
        from_number=form["From"],
        to_number=form["To"],
        # No telephone sends a NUL, and PostgreSQL keeps none.
        body=form.get("Body", "").replace("\0", ""),
        media_count=_number(form, "NumMedia"),
    )


def text_progress(form: Form) -> TextProgress:
    """A text's status callback. Raises BadForm, UnknownStatus."""
    _need(form, "AccountSid", "MessageStatus")
    return TextProgress(
        message_sid=_sid(form, "MessageSid"),
        status=read(TEXT_STATUSES, form["MessageStatus"]),
        error_code=_number(form, "ErrorCode") or None,
    )


def _heard(form: Form) -> Heard:
    if "DialCallStatus" in form:
        # Only DialBridged says that two people talked; `completed` comes for a voicemail too.
        return ANSWERED if form.get("DialBridged") == "true" else NOT_TAKEN
    if "QueueResult" in form:
        return ANSWERED if form["QueueResult"].startswith("bridg") else NOT_TAKEN
    keys = form.get("Digits", "")
    if "RecordingUrl" in form:
        spoken = _number(form, "RecordingDuration") >= SHORTEST_MESSAGE_SECONDS
        return Heard(Sound.RECORDING if spoken else Sound.SILENCE, keys)
    if keys:
        return Heard(Sound.KEYS, keys)
    # Not what they said, which is nobody's business.
    return Heard(Sound.VOICE) if form.get("SpeechResult") else SILENCE


def _doubted(verdict: str) -> bool | None:
    """What SHAKEN/STIR says: `TN-Validation-Failed-A`, `TN-Validation-Passed-C`, or nothing."""
    if verdict.startswith("TN-Validation-Failed"):
        return True
    return False if verdict.startswith("TN-Validation-Passed") else None


def _need(form: Form, *names: str) -> None:
    missing = [name for name in names if name not in form]
    if missing:
        raise BadForm(f"the form lacks {', '.join(missing)}")


def _sid(form: Form, name: str) -> str:
    _need(form, name)
    if not _SID.fullmatch(form[name]):
        raise BadForm(f"{name} is no sid")
    return form[name]


def _recording_sid(form: Form) -> str | None:
    """The recording's sid; in its URL where, as documented, it is not a field of its own."""
    found = _SID.search(form.get("RecordingSid") or form.get("RecordingUrl", "").rsplit("/", 1)[-1])
    return found.group() if found else None


def _number(form: Form, name: str) -> int:
    """A whole number of a form, 0 where it is absent or empty. Raises BadForm."""
    value = form.get(name) or "0"
    if not value.isascii() or not value.isdigit():
        raise BadForm(f"{name} is no number")
    return int(value[:9])
