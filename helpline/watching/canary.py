"""The test calls: the line rings itself, and each step that is reached is written down."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from helpline import hours, outbox, texts, volunteers
from helpline.config.limits import Canary
from helpline.models import CanaryRun, Line, Purpose
from helpline.quickly import quickly
from helpline.rules import HOME_ZONE, Rules
from helpline.texts import About, To
from helpline.upsert import insert_once
from helpline.volunteers import first_language

RING: Final = "queue_workers.jobs.ring_canary"
# A greeting, a menu, a ring and a few words last less than a minute.
MAY_LAST: Final = timedelta(minutes=3)
# What is told of it, from the second number: the line itself may be what is broken.
_FAILED, _WELL = WORDS = ("canary_failed", "canary_well")

_GOING_ON = CanaryRun.ended_at.is_(None)
_THIS = update(CanaryRun).where(CanaryRun.id == bindparam("run_id"), _GOING_ON)


@dataclass(frozen=True, slots=True)
class News:
    """A test call that is over: of which line (E.164), whether it went well, how far it came in a
    word for the log, and whether people are to be told: it begins to fail, or is well again."""

    run_id: int
    line: str
    went_well: bool
    how_far: str
    is_told: bool

    @property
    def prompt(self) -> str:
        """What people are told."""
        return _WELL if self.went_well else _FAILED


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


def claim(session: Session, canary: Canary, run_id: int, at: datetime) -> str | None:
    """The line (E.164) that this worker, and no other, is to ring now; None for none."""
    due_at = session.scalar(
        update(CanaryRun)
        .where(
            CanaryRun.id == run_id,
            CanaryRun.placed_at.is_(None),
            _GOING_ON,
            CanaryRun.due_at > at - MAY_LAST,
        )
        .values(placed_at=at)
        .returning(CanaryRun.due_at)
    )
    return None if due_at is None else canary.line_at(due_at)


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


def failing(session: Session, canary: Canary, at: datetime) -> list[str]:
    """The lines (E.164) whose newest test call did not get through, in the order of their turns."""
    newest = {canary.line_at(run.due_at): run.went_well for run in _lately(session, canary, at)}
    return [line for line in canary.lines if newest.get(line) is False]


def news(session: Session, canary: Canary, at: datetime) -> list[News]:
    """What is to be told of the test calls that are over, the oldest first, until it was `told`.

    Locked, so that of two clocks one tells. Whose turn each was is worked out from its hour: after
    the lines in config.yaml were changed, what was before may count as another's.
    """
    before: dict[str, bool] = {}
    found = []
    for run in _lately(session, canary, at, locked=True):
        line, went_well = canary.line_at(run.due_at), bool(run.went_well)
        if run.told_at is None:
            is_told = went_well is not before.get(line, True)
            found.append(News(run.id, line, went_well, _how_far(run), is_told))
        before[line] = went_well
    return found


def told(session: Session, run_id: int, at: datetime) -> None:
    """Nothing more is to be told of this test call."""
    session.execute(update(CanaryRun).where(CanaryRun.id == run_id).values(told_at=at))


def tell(session: Session, rules: Rules, news: News, at: datetime) -> None:
    """Owe the coordinators of the line that was tested the words about it, with a second number.

    Asked again, it owes nothing more. Nobody in quiet hours: in the morning they are told by the
    line, if it fails still (`helpline.watching.troubles`).
    """
    test = rules.config.canary
    is_quiet = hours.ends_at(rules.quiet, ZoneInfo(HOME_ZONE), at) > at
    line = session.execute(select(Line.id, Line.name).where(Line.number == news.line)).first()
    if test is None or test.second_number is None or is_quiet or line is None:
        return
    for each in volunteers.coordinators_of_line(session, news.line):
        texts.promise(
            session,
            rules.words,
            Purpose.ALERT,
            news.prompt,
            To(line.id, each.number, first_language(each.languages)),
            at,
            about=About(volunteer_id=each.id),
            once=f"{news.prompt}:run:{news.run_id}:to:{each.id}",
            line=line.name,
        )


def due_texts(session: Session, at: datetime) -> Iterable[int]:
    """Those words that ask to be sent now: whoever sends texts may be what is broken."""
    return texts.due_alerts(session, WORDS, at)


def _lately(
    session: Session, canary: Canary, at: datetime, *, locked: bool = False
) -> Sequence[CanaryRun]:
    """The test calls that are over, the oldest first: of each line the last, and the one before."""
    since = at - canary.every * (2 * len(canary.lines) + 1)
    runs = select(CanaryRun).where(~_GOING_ON, CanaryRun.due_at > since).order_by(CanaryRun.id)
    return session.scalars(runs.with_for_update() if locked else runs).all()


def _how_far(run: CanaryRun) -> str:
    steps = (
        (run.accepted_at, "picked up"),
        (run.menu_at, "through the menu"),
        (run.heard_at, "to the line"),
        (run.placed_at, "to the phone network"),
    )
    return next((word for at, word in steps if at is not None), "nowhere: no worker rang it")
