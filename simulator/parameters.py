"""Every parameter of every webhook, each marked as documented, observed or invented.

*Documented*: on Twilio's own pages, or in its OpenAPI spec. *Observed*: seen in captures of real
requests that independent public projects keep. *Invented*: ours, because something had to be sent.
A test of a webhook should take its form from `simulator.forms`, which sends exactly these.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Standing(StrEnum):
    """How sure we are that Twilio sends it."""

    DOCUMENTED = "documented"
    OBSERVED = "observed"
    INVENTED = "invented"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One form field: `when` is empty if it is always sent."""

    name: str
    standing: Standing
    when: str = ""


D, O, I = Standing.DOCUMENTED, Standing.OBSERVED, Standing.INVENTED  # noqa: E741


def _named(standing: Standing, names: str, when: str = "") -> tuple[Parameter, ...]:
    return tuple(Parameter(name, standing, when) for name in names.split())


# Sent with every request about a call. The geography is sent even when it is empty (observed),
# and the signature covers the empty fields too.
CALL = (
    *_named(D, "AccountSid ApiVersion CallSid CallStatus Direction From To"),
    *_named(D, "FromCity FromState FromZip FromCountry ToCity ToState ToZip ToCountry"),
    *_named(D, "Caller Called"),
    *_named(D, "CallerCity CallerState CallerZip CallerCountry"),
    *_named(D, "CalledCity CalledState CalledZip CalledCountry"),
    *_named(D, "CallToken", "on calls that came in"),
    *_named(D, "ForwardedFrom", "on calls that were forwarded, if the carrier says so"),
    *_named(O, "CalledVia", "with ForwardedFrom"),
    *_named(D, "ParentCallSid", "on child calls"),
    *_named(D, "AnsweredBy", "with machine detection, once it has decided"),
)

GATHER = (
    *_named(D, "Digits"),
    *_named(O, "FinishedOnKey msg"),
)

SPEECH = _named(D, "SpeechResult Confidence")

DIAL = (
    *_named(D, "DialCallStatus"),
    *_named(D, "DialCallSid DialCallDuration", "not for a conference"),
    *_named(D, "DialBridged", "not for a conference"),
    *_named(D, "QueueSid QueueTime DequeingCallSid", "after dialling a queue"),
)

RECORD = (
    *_named(D, "RecordingUrl RecordingDuration Digits"),
    *_named(O, "RecordingSid"),
)

QUEUE_WAIT = _named(
    D, "QueuePosition QueueSid QueueTime AvgQueueTime CurrentQueueSize MaxQueueSize"
)

QUEUE_ACTION = (
    *_named(D, "QueueResult"),
    *_named(D, "QueueSid QueueTime", "if the call was in the queue at all"),
)

DEQUEUED = _named(D, "QueueSid QueueTime DequeingCallSid")

CALL_PROGRESS = (
    *_named(D, "CallbackSource SequenceNumber Timestamp"),
    *_named(D, "CallDuration Duration SipResponseCode", "when the call is over"),
)

MACHINE_DETECTED = _named(D, "AccountSid CallSid AnsweredBy MachineDetectionDuration")

RECORDING_STATUS = (
    *_named(D, "AccountSid CallSid RecordingSid RecordingUrl RecordingStatus"),
    *_named(D, "RecordingDuration RecordingChannels RecordingStartTime RecordingSource"),
    *_named(D, "RecordingTrack"),
    *_named(O, "ErrorCode"),
)

CONFERENCE_STATUS = (
    *_named(D, "AccountSid ConferenceSid FriendlyName SequenceNumber StatusCallbackEvent"),
    *_named(D, "Timestamp"),
    *_named(D, "CallSid Muted Hold Coaching", "events of one participant"),
    *_named(D, "EndConferenceOnExit StartConferenceOnEnter", "events of one participant"),
    *_named(D, "ParticipantLabel", "events of one participant that has a label"),
    *_named(D, "ParticipantCallStatus ReasonParticipantLeft", "participant-leave"),
    *_named(D, "CallSidEndingConference ReasonConferenceEnded Reason", "conference-end"),
)

TEXT_IN = (
    *_named(D, "AccountSid ApiVersion Body From To MessageSid SmsSid SmsMessageSid SmsStatus"),
    *_named(D, "NumMedia NumSegments"),
    *_named(D, "FromCity FromState FromZip FromCountry ToCity ToState ToZip ToCountry"),
    *_named(D, "MessagingServiceSid", "when the number is in a messaging service"),
    *_named(D, "OptOutType", "with Advanced Opt-Out only"),
    *_named(D, "MediaUrl0 MediaContentType0", "one pair for each medium, from 0"),
    *_named(O, "ReferralNumMedia"),
)

TEXT_STATUS = (
    *_named(D, "AccountSid ApiVersion From To MessageSid SmsSid MessageStatus SmsStatus"),
    *_named(D, "ErrorCode", "failed or undelivered"),
    *_named(D, "RawDlrDoneDate", "delivered or undelivered"),
    *_named(D, "MessagingServiceSid", "when it was sent by a messaging service"),
)

# Added to the usual form when a fallback URL is asked instead.
FALLBACK = _named(D, "ErrorCode ErrorUrl")

# What Twilio never sends here, though one might think so: the form of a recording's status has
# no From, To or CallStatus, and a Gather without input sends nothing at all.
TABLES = {
    "call": CALL,
    "gather": GATHER,
    "speech": SPEECH,
    "dial": DIAL,
    "record": RECORD,
    "queue wait": QUEUE_WAIT,
    "queue action": QUEUE_ACTION,
    "dequeued": DEQUEUED,
    "call progress": CALL_PROGRESS,
    "machine detected": MACHINE_DETECTED,
    "recording status": RECORDING_STATUS,
    "conference status": CONFERENCE_STATUS,
    "text in": TEXT_IN,
    "text status": TEXT_STATUS,
    "fallback": FALLBACK,
}
