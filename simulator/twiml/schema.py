"""What may stand in TwiML: the verbs, their attributes and what they may hold.

Source: Twilio's pages of each verb. Names are case sensitive. Attributes that this network knows
but does not act on are listed in `NOT_ACTED_ON`: using one is reported as a warning.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rule:
    """One verb or noun: its attributes, and the elements that may stand inside."""

    attributes: frozenset[str]
    children: frozenset[str] = frozenset()


def _rule(attributes: str = "", children: str = "") -> Rule:
    return Rule(frozenset(attributes.split()), frozenset(children.split()))


SSML = "break emphasis lang p phoneme prosody s say-as sub w"
_STATUS = "statusCallback statusCallbackMethod statusCallbackEvent"
_AMD = (
    "machineDetection machineDetectionTimeout machineDetectionSpeechThreshold "
    "machineDetectionSpeechEndThreshold machineDetectionSilenceTimeout amdStatusCallback "
    "amdStatusCallbackMethod"
)
_RECORDING = "recordingStatusCallback recordingStatusCallbackMethod recordingStatusCallbackEvent"

VOICE: dict[str, Rule] = {
    "Say": _rule("voice language loop", SSML),
    "Play": _rule("loop digits"),
    "Pause": _rule("length"),
    "Gather": _rule(
        "input action method timeout finishOnKey numDigits actionOnEmptyResult speechTimeout "
        "hints language partialResultCallback partialResultCallbackMethod profanityFilter "
        "speechModel enhanced bargeIn debug",
        "Say Play Pause",
    ),
    "Record": _rule(
        "action method timeout finishOnKey maxLength playBeep trim transcribe "
        f"transcribeCallback recordingTrack {_RECORDING}"
    ),
    "Dial": _rule(
        "action method timeout hangupOnStar timeLimit callerId record trim answerOnBridge "
        f"ringTone sequential referUrl referMethod recordingTrack events {_RECORDING}",
        "Number Queue Conference Client Sip Sim Application WhatsApp",
    ),
    "Enqueue": _rule("action method waitUrl waitUrlMethod workflowSid"),
    "Leave": _rule(),
    "Redirect": _rule("method"),
    "Hangup": _rule(),
    "Reject": _rule("reason"),
}
NOUNS: dict[str, Rule] = {
    "Number": _rule(f"sendDigits url method byoc {_STATUS} {_AMD}"),
    "Queue": _rule("url method reservationSid postWorkActivitySid"),
    "Conference": _rule(
        "muted beep startConferenceOnEnter endConferenceOnExit waitUrl waitMethod "
        "maxParticipants record region trim coach participantLabel jitterBufferSize "
        f"eventCallbackUrl {_STATUS} {_RECORDING}"
    ),
    "Body": _rule(),
    "Media": _rule(),
}
MESSAGING: dict[str, Rule] = {
    "Message": _rule("to from action method statusCallback", "Body Media"),
    "Sms": _rule("to from action method statusCallback"),
    "Redirect": VOICE["Redirect"],
}

# Real verbs and nouns that this network does not play: using one is an error, not a warning.
NOT_PLAYED = frozenset(
    [
        "Connect",
        "Pay",
        "Prompt",
        "Refer",
        "Siprec",
        "Start",
        "Stop",
        "Stream",
        "Transcription",
        "VirtualAgent",
        "Client",
        "Sip",
        "Sim",
        "Application",
        "WhatsApp",
    ]
)
NOT_ACTED_ON = {
    "Gather": frozenset(
        [
            "hints",
            "partialResultCallback",
            "partialResultCallbackMethod",
            "profanityFilter",
            "speechModel",
            "enhanced",
            "debug",
        ]
    ),
    "Record": frozenset(["transcribe", "transcribeCallback"]),
    "Dial": frozenset(["record", "ringTone", "referUrl", "referMethod", "events"]) | {"trim"},
    "Enqueue": frozenset({"workflowSid"}),
    "Number": frozenset(["sendDigits", "byoc"]) | frozenset(_AMD.split()),
    "Queue": frozenset(["reservationSid", "postWorkActivitySid"]),
    "Conference": frozenset(
        ["record", "region", "coach", "jitterBufferSize", "eventCallbackUrl", "trim"]
    ),
}

# In a screening these are not documented to work; they are carried out, with a warning.
DOUBTFUL = {"whisper": frozenset({"Pause", "Redirect"})}

# Which verbs a document may hold, by what it is for.
CONTEXTS: dict[str, frozenset[str]] = {
    "call": frozenset(VOICE),
    "whisper": frozenset(["Say", "Play", "Pause", "Gather", "Hangup", "Redirect"]),
    "queue wait": frozenset(["Say", "Play", "Pause", "Gather", "Hangup", "Redirect", "Leave"]),
    "queue url": frozenset(["Say", "Play", "Pause", "Redirect"]),
    "conference wait": frozenset(["Say", "Play", "Pause", "Redirect"]),
}
