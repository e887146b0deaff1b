"""Tells whether a call is one too many, or a robot's, within the statement that finds who rings.

A caller waits for that statement: each look is a few steps of an index, however many have rung.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import (
    Integer,
    Label,
    ScalarSelect,
    Select,
    and_,
    bindparam,
    case,
    exists,
    false,
    func,
    or_,
    select,
)
from sqlalchemy.orm import Session, aliased

from helpline.config.limits import HOUR, MINUTE, Limits
from helpline.database import UtcDateTime
from helpline.models import (
    Call,
    Callback,
    CallbackStatus,
    CallDirection,
    Caller,
    Direction,
    Line,
    Note,
    Request,
    Text,
    Volunteer,
)
from helpline.quickly import quickly
from helpline.when.sql_time import milliseconds

_DAY: Final = timedelta(days=1)
# A robot hangs up while it is greeted. Who says nothing is put through to somebody after that.
_SHORT_MS: Final = 15_000

_rung = aliased(Call)
_INCOMING = _rung.direction == CallDirection.INCOMING
_BY_CALLER = select(_rung.started_at).where(_rung.caller_id == Caller.id, _INCOMING)
# Whether a call came in is in no index, and of so many most did.
_TO_LINE = select(_rung.started_at).where(_rung.line_id == Line.id)
_NEWEST_ID = select(func.max(Call.id)).scalar_subquery()
_TO_ALL = select(_rung.started_at).where(_rung.id <= _NEWEST_ID - bindparam("to_all_but", 0))


def _nth(which: Select[datetime], name: str) -> ScalarSelect[datetime]:
    """When the so-manieth newest of these calls began; NULL where there were not so many."""
    newest_first = which.order_by(_rung.started_at.desc()).limit(1)
    return newest_first.offset(bindparam(f"{name}_but", type_=Integer)).scalar_subquery()


_A_DAY_AGO = bindparam("a_day_ago", type_=UtcDateTime)
_IN_SILENCE = _nth(_BY_CALLER, "in_silence")
# Of those calls, which is looked at only where there were so many.
_WAS_A_PERSON = exists().where(
    _rung.caller_id == Caller.id,
    _INCOMING,
    _rung.started_at > _A_DAY_AGO,
    or_(
        _rung.pressed_key.is_(True),
        _rung.talked_seconds.is_not(None),
        _rung.ended_at.is_(None),
        and_(
            # Asked for a key, they heard a longer goodbye.
            _rung.seems_robot.is_(False),
            milliseconds(_rung.ended_at) - milliseconds(_rung.started_at) > _SHORT_MS,
        ),
    ),
)
# For a statement that selects from lines and callers.
LOOKS: Final[tuple[Label[Any], ...]] = (
    _nth(_BY_CALLER, "by_caller").label("by_caller"),
    _nth(_TO_LINE, "to_line").label("to_line"),
    # Ids grow with time, so that this one needs no index of its own.
    _TO_ALL.order_by(_rung.id.desc()).limit(1).scalar_subquery().label("to_all"),
    case((_IN_SILENCE > _A_DAY_AGO, ~_WAS_A_PERSON), else_=false()).label("is_silent"),
)


def asked(limits: Limits, at: datetime) -> Mapping[str, Any]:
    """The values that LOOKS asks for."""
    return {
        "by_caller_but": max(limits.caller.calls - 1, 0),
        "to_line_but": max(limits.line.calls - 1, 0),
        "to_all_but": max(limits.everybody.calls - 1, 0),
        "in_silence_but": max(limits.silent_calls - 1, 0),
        "a_day_ago": at - _DAY,
    }


# Whoever was heard once is nobody's machine: they may have a telephone without tones, and ring
# off five times before they dare. Found from what they have asked for, of which a machine has none.
_spoken = aliased(Call)
_WAS_EVER_HEARD = select(
    or_(
        Caller.language.is_not(None),
        Caller.card_version > 0,
        exists().where(Volunteer.number == Caller.number),
        exists().where(
            Request.caller_id == Caller.id,
            or_(
                exists().where(
                    _spoken.request_id == Request.id,
                    or_(_spoken.pressed_key.is_(True), _spoken.talked_seconds.is_not(None)),
                ),
                # Of a call without a key, only a message in which somebody speaks is a promise.
                exists().where(
                    Callback.request_id == Request.id,
                    Callback.status != CallbackStatus.UNDECIDED,
                    Callback.status != CallbackStatus.CANCELED,
                ),
                exists().where(Text.request_id == Request.id, Text.direction == Direction.INCOMING),
                exists().where(Note.request_id == Request.id),
            ),
        ),
    ).label("is_so")
).where(Caller.id == bindparam("caller_id", type_=Integer))


def judged(session: Session, found: Any, limits: Limits, at: datetime) -> Mapping[str, bool]:
    """What the call is, by what LOOKS has found: `over_limit`, `seems_robot`.

    Of whoever would seem a robot it is asked besides whether anybody was ever heard from there:
    within LOOKS it would cost every caller a tenth of a millisecond.
    """
    return {
        "over_limit": (
            _since(found.by_caller, limits.caller.calls, at - HOUR)
            or _since(found.to_line, limits.line.calls, at - MINUTE)
            or _since(found.to_all, limits.everybody.calls, at - MINUTE)
        ),
        "seems_robot": bool(
            limits.silent_calls
            and found.is_silent
            and not quickly(session, _WAS_EVER_HEARD, {"caller_id": found.caller_id}).scalar()
        ),
    }


def _since(began: datetime | None, most: int, moment: datetime) -> bool:
    """Whether the last of so many calls as may be began after that moment."""
    return bool(most) and began is not None and began > moment
