"""What a day costs in texts and in minutes, and whether that nears its budget."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import String, and_, bindparam, func, select, type_coerce
from sqlalchemy.orm import Session

from helpline.config.limits import Budget
from helpline.database import UtcDateTime, execute
from helpline.models import BudgetDay, Call, CallDirection, Leg, Line, Text, Volunteer
from helpline.rules import HOME_ZONE, Rules
from helpline.texting import gsm, stand_ins
from helpline.upsert import put
from helpline.when.sql_time import milliseconds
from helpline.when.wall_clock import furthest_reading, instant

# From this share of a day's budget on, coordinators are told and what can wait does.
NEAR: Final = 0.8
_MINUTE_MS: Final = 60_000


@dataclass(frozen=True, slots=True)
class Spent:
    """What a day has cost: texts, as the network counts them, and minutes on calls that we made."""

    texts: int
    minutes: int

    def is_near(self, budget: Budget) -> tuple[bool, bool]:
        """Whether texts, and minutes, have come near their budgets; never where there is none."""
        spent = ((self.texts, budget.texts), (self.minutes, budget.minutes))
        texts, minutes = (bool(most) and count >= NEAR * most for count, most in spent)
        return texts, minutes


_SINCE = bindparam("since", type_=UtcDateTime)
_AT = bindparam("at", type_=UtcDateTime)
# Sealed, so that what each costs is counted here; and as it stands sealed, not to open it again.
_TEXTS = select(Text.id, type_coerce(Text.body, String).label("sealed")).where(
    Text.sending_at.is_not(None), Text.sending_at >= _SINCE
)
_OPENED_AT_ONCE: Final = 500
# By volunteer and by line, since that is how both are indexed: years of them lie there.
_TO_VOLUNTEERS = (
    select(
        func.sum(milliseconds(func.coalesce(Leg.ended_at, _AT)) - milliseconds(Leg.picked_up_at))
    )
    .select_from(Volunteer)
    .join(Leg, and_(Leg.volunteer_id == Volunteer.id, Leg.rung_at >= _SINCE))
    .where(Leg.picked_up_at.is_not(None))
)
_TO_CALLERS = (
    select(func.sum(Call.talked_seconds) * 1000)
    .select_from(Line)
    .join(Call, and_(Call.line_id == Line.id, Call.started_at >= _SINCE))
    .where(Call.direction == CallDirection.CALLBACK)
)
_SPENT = select(
    func.coalesce(_TO_VOLUNTEERS.scalar_subquery(), 0).label("to_volunteers"),
    func.coalesce(_TO_CALLERS.scalar_subquery(), 0).label("to_callers"),
)


def spent(session: Session, base_url: str, at: datetime) -> Spent:
    """What the day of the aware moment `at`, by the clock at home, has cost until then.

    `base_url` is what the links in texts begin with.
    """
    asked = {"since": _midnight(at), "at": at}
    row = execute(session, _SPENT, asked).one()
    texts = _cost_of_texts(session, base_url, asked)
    # PostgreSQL sums to decimals, which // does not round down.
    talked = int(row.to_volunteers + row.to_callers)
    return Spent(texts, -(-talked // _MINUTE_MS))


# What each text of the day costs, by its words as they stand sealed. Opening 5,000 of them takes
# 70 ms, every minute, while nobody else can write to SQLite; looking them up here takes 12.
_costs: dict[tuple[str, str], int] = {}


def _cost_of_texts(session: Session, base_url: str, asked: Mapping[str, Any]) -> int:
    """As the network counts them; only what was not there a minute ago is opened."""
    sealed = {row.id: (row.sealed, base_url) for row in execute(session, _TEXTS, asked)}
    new = [text_id for text_id, key in sealed.items() if key not in _costs]
    known = {key: _costs[key] for key in sealed.values() if key in _costs}
    for first in range(0, len(new), _OPENED_AT_ONCE):
        some = select(Text.id, Text.body).where(Text.id.in_(new[first : first + _OPENED_AT_ONCE]))
        for row in execute(session, some):
            words = stand_ins.as_long_as_sent(row.body, base_url)
            known[sealed[row.id]] = gsm.segments(words)
    _costs.clear()
    _costs.update(known)
    return sum(known[key] for key in sealed.values())


def count(session: Session, rules: Rules, base_url: str, at: datetime) -> None:
    """Write down what today has cost, and since when it is near its budget."""
    so_far = spent(session, base_url, at)
    before = session.get(BudgetDay, _day(at))
    near_texts, near_minutes = so_far.is_near(rules.config.budget)
    values = {
        "day": _day(at),
        "texts": so_far.texts,
        "minutes": so_far.minutes,
        "texts_near_at": _since(before.texts_near_at if before else None, near_texts, at),
        "minutes_near_at": _since(before.minutes_near_at if before else None, near_minutes, at),
    }
    put(session, BudgetDay, "day", values)


def _since(before: datetime | None, is_near: bool, at: datetime) -> datetime | None:
    return (before or at) if is_near else None


def near(session: Session, at: datetime) -> tuple[bool, bool]:
    """Whether today's texts, and minutes, have come near their budgets, as of a minute ago."""
    day = session.get(BudgetDay, _day(at))
    if day is None:
        return False, False
    return day.texts_near_at is not None, day.minutes_near_at is not None


def _day(at: datetime) -> date:
    return furthest_reading(at, ZoneInfo(HOME_ZONE)).date()


def _midnight(at: datetime) -> datetime:
    return instant(datetime.combine(_day(at), time()), ZoneInfo(HOME_ZONE))
