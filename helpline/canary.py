"""The test calls: the line rings itself, and each step that is reached is written down."""

from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from helpline import outbox
from helpline.database import rows_changed
from helpline.limits import Canary
from helpline.models import CanaryRun, Line
from helpline.quickly import quickly
from helpline.rules import Rules
from helpline.upsert import insert_once

RING: Final = "queue_workers.jobs.ring_canary"
# A greeting, a menu, a ring and a few words last less than a minute.
MAY_LAST: Final = timedelta(minutes=3)
LONGEST_BETWEEN: Final = timedelta(hours=25)

_GOING_ON = CanaryRun.ended_at.is_(None)
_THIS = update(CanaryRun).where(CanaryRun.id == bindparam("run_id"), _GOING_ON)
_CURRENT = (
    select(CanaryRun.id)
    .where(_GOING_ON, CanaryRun.due_at > bindparam("since", type_=CanaryRun.due_at.type))
    .order_by(CanaryRun.id.desc())
    .limit(1)
)


def is_its_number(rules: Rules, number: str) -> bool:
    """Whether it is the test call that shows this number."""
    test = rules.config.canary
    return test is not None and number == test.number


def start(session: Session, canary: Canary, at: datetime) -> None:
    """Owe a test call if it is time for one: once for each hour (or whatever was chosen).

    A worker is asked again for one that nobody has placed: a nudge may be lost.
    """
    seconds = int(canary.every.total_seconds())
    due_at = datetime.fromtimestamp(at.timestamp() // seconds * seconds, UTC)
    if at - due_at >= MAY_LAST:
        return
    insert_once(session, CanaryRun, {"due_at": due_at}, "due_at")
    waiting = select(CanaryRun.id).where(
        CanaryRun.due_at == due_at, CanaryRun.placed_at.is_(None), _GOING_ON
    )
    for run_id in session.scalars(waiting):
        outbox.promise(session, RING, run_id)


def claim(session: Session, run_id: int, at: datetime) -> bool:
    """Whether this worker, and no other, is to place this test call now."""
    claimed = session.execute(
        update(CanaryRun)
        .where(
            CanaryRun.id == run_id,
            CanaryRun.placed_at.is_(None),
            _GOING_ON,
            CanaryRun.due_at > at - MAY_LAST,
        )
        .values(placed_at=at)
    )
    return bool(rows_changed(claimed))


def current(session: Session, at: datetime) -> int | None:
    """The test call that is going on at this moment; None where somebody else uses its number."""
    since = at - MAY_LAST
    run_id: int | None = quickly(session, _CURRENT, {"since": since}).scalar()
    return run_id


def line_name(session: Session, number: str) -> str | None:
    """What the line with this number is called; None where it is no line."""
    return session.scalar(select(Line.name).where(Line.number == number))


def reached(session: Session, run_id: int, step: str, at: datetime) -> None:
    """Write down that it came this far: `heard_at`, `menu_at`, `accepted_at`."""
    quickly(session, _THIS, {"run_id": run_id, step: at})


def end(session: Session, run_id: int, at: datetime, *, well: bool) -> None:
    """It is over: the two ends heard each other, or not. The first word stands."""
    quickly(session, _THIS, {"run_id": run_id, "ended_at": at, "went_well": well})


def give_up(session: Session, at: datetime) -> None:
    """Whatever was begun and never ended has failed: nobody, or nothing, was there."""
    session.execute(
        update(CanaryRun)
        .where(_GOING_ON, CanaryRun.due_at <= at - MAY_LAST)
        .values(ended_at=at, went_well=False)
    )


def has_failed(session: Session, at: datetime) -> bool:
    """Whether the newest test call that is over did not get through.

    None is made any more where the newest is older than the longest time between two.
    """
    lately = CanaryRun.due_at > at - LONGEST_BETWEEN
    last = select(CanaryRun.went_well).where(~_GOING_ON, lately)
    return session.scalar(last.order_by(CanaryRun.id.desc()).limit(1)) is False


def news(session: Session, at: datetime) -> tuple[bool, bool] | None:
    """What is to be told of the newest test call: (whether it went well, whether people are told).

    None where it was told, or is not over. People are told when the line begins to fail, and when
    it is well again. Taken by whoever asks, so that of two clocks one tells.
    """
    runs = session.scalars(
        select(CanaryRun).where(~_GOING_ON).order_by(CanaryRun.id.desc()).limit(2).with_for_update()
    ).all()
    if not runs or runs[0].told_at is not None:
        return None
    newest, *before = runs
    newest.told_at = at
    was_well = before[0].went_well if before else True
    return bool(newest.went_well), newest.went_well is not was_well


def how_far(session: Session) -> str:
    """How far the newest test call that is over came, in a word for the log."""
    run = session.scalars(
        select(CanaryRun).where(~_GOING_ON).order_by(CanaryRun.id.desc()).limit(1)
    ).one()
    steps = (
        (run.accepted_at, "picked up"),
        (run.menu_at, "through the menu"),
        (run.heard_at, "to the line"),
        (run.placed_at, "to the phone network"),
    )
    return next((word for at, word in steps if at is not None), "nowhere: no worker rang it")
