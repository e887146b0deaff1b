"""The tables, by subject; their invariants are CHECK and UNIQUE constraints."""

from helpline.config.decided import RingOrder
from helpline.models.access import CodeBy, Hearing, SignInCode, Visit
from helpline.models.append_only import keep_the_audit_log
from helpline.models.calls import Call, CallDirection, CallStatus, Leg, LegOutcome
from helpline.models.erasures import Erasure, Trace
from helpline.models.guarding import BudgetDay, CanaryRun
from helpline.models.people import (
    Block,
    Caller,
    InductionTick,
    Membership,
    OptOut,
    Volunteer,
)
from helpline.models.places import Group, Line, LineGroup
from helpline.models.records import AuditLine, AuditSeal, FindingKey, Heartbeat
from helpline.models.requests import (
    Callback,
    CallbackStatus,
    Kind,
    Note,
    OfferAsked,
    Request,
    SearchWord,
)
from helpline.models.rota import (
    ChangeKind,
    Holiday,
    Leave,
    Pattern,
    PatternVolunteer,
    RotaChange,
    RotaEdit,
    RotaNews,
    SwapAsked,
)
from helpline.models.rota_version import give_by_triggers
from helpline.models.texts import Direction, Purpose, Text, TextStatus
from helpline.models.troubles import Trouble
from helpline.models.voicemails import Recording, Voicemail, VoicemailStatus
from helpline.outcomes import Outcome

give_by_triggers()
keep_the_audit_log()

__all__ = [
    "AuditLine",
    "AuditSeal",
    "Block",
    "BudgetDay",
    "Call",
    "CallDirection",
    "CallStatus",
    "Callback",
    "CallbackStatus",
    "Caller",
    "CanaryRun",
    "ChangeKind",
    "CodeBy",
    "Direction",
    "Erasure",
    "FindingKey",
    "Group",
    "Hearing",
    "Heartbeat",
    "Holiday",
    "InductionTick",
    "Kind",
    "Leave",
    "Leg",
    "LegOutcome",
    "Line",
    "LineGroup",
    "Membership",
    "Note",
    "OfferAsked",
    "OptOut",
    "Outcome",
    "Pattern",
    "PatternVolunteer",
    "Purpose",
    "Recording",
    "Request",
    "RingOrder",
    "RotaChange",
    "RotaEdit",
    "RotaNews",
    "SearchWord",
    "SignInCode",
    "SwapAsked",
    "Text",
    "TextStatus",
    "Trace",
    "Trouble",
    "Visit",
    "Voicemail",
    "VoicemailStatus",
    "Volunteer",
]
