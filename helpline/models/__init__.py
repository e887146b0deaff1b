"""The tables, by subject; their invariants are CHECK and UNIQUE constraints."""

from helpline.config import RingOrder
from helpline.models.calls import Call, CallDirection, CallStatus, Leg, LegOutcome
from helpline.models.people import Block, Caller, Membership, OptOut, Volunteer
from helpline.models.places import Group, Line, LineGroup
from helpline.models.records import AuditLine, Heartbeat
from helpline.models.requests import Callback, CallbackStatus, Kind, Request
from helpline.models.rota import ChangeKind, Pattern, PatternVolunteer, RotaChange
from helpline.models.texts import Direction, Purpose, Text, TextStatus
from helpline.models.voicemails import Recording, Voicemail, VoicemailStatus
from helpline.outcomes import Outcome

__all__ = [
    "AuditLine",
    "Block",
    "Call",
    "CallDirection",
    "CallStatus",
    "Callback",
    "CallbackStatus",
    "Caller",
    "ChangeKind",
    "Direction",
    "Group",
    "Heartbeat",
    "Kind",
    "Leg",
    "LegOutcome",
    "Line",
    "LineGroup",
    "Membership",
    "OptOut",
    "Outcome",
    "Pattern",
    "PatternVolunteer",
    "Purpose",
    "Recording",
    "Request",
    "RingOrder",
    "RotaChange",
    "Text",
    "TextStatus",
    "Voicemail",
    "VoicemailStatus",
    "Volunteer",
]
