"""Trouble with the house itself: noticed, told to coordinators in words, and when it is over."""

import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline import hours, texts, volunteers
from helpline.models import Group, Purpose, Trouble, Volunteer
from helpline.rules import Rules
from helpline.texts import About, To
from helpline.volunteers import first_language

log = logging.getLogger(__name__)

# A restart, or an edit that is not finished yet, is no trouble.
PATIENCE: Final = timedelta(minutes=2)
# However often it comes and goes.
TOLD_AT_MOST_EVERY: Final = timedelta(hours=1)


class Cause(StrEnum):
    """What can be wrong, the worst for callers first; each has its prompt: `trouble_…`."""

    WEB = "web"
    DATABASE = "database"
    DISK = "disk"
    CERTIFICATE = "certificate"
    TIME = "time"
    CALL_WORKER = "call_worker"
    TEXT_WORKER = "text_worker"
    CLOCK = "clock"
    QUEUE = "queue"
    PROMISES = "promises"
    TEXTS = "texts"
    CONFIG = "config"
    BACKUP = "backup"
    CANARY = "canary"
    TEXTS_BUDGET = "texts_budget"
    MINUTES_BUDGET = "minutes_budget"
    CODES = "codes"


_OVER: Final = "trouble_over"
# What coordinators were told just now: the name of the prompt, and what it is filled with.
News = tuple[str, dict[str, Any]]
# What is said of a cause beside its name: a count, the room left, a complaint; "" for nothing.
Seen = Mapping[Cause, str]

# What a detail is called in the words of its prompt.
_CALLED: Final = {
    Cause.DISK: "left",
    Cause.CERTIFICATE: "until",
    Cause.TIME: "off",
    Cause.PROMISES: "count",
    Cause.CONFIG: "complaint",
    Cause.CANARY: "lines",
}


@dataclass(frozen=True, slots=True)
class GoingOn:
    """Something that is wrong now, since then (UTC)."""

    cause: Cause
    since: datetime
    detail: str


def going_on(session: Session) -> tuple[GoingOn, ...]:
    """What is wrong now, as far as anybody has looked; the worst first."""
    rows = session.execute(
        select(Trouble.cause, Trouble.began_at, Trouble.detail).where(Trouble.ended_at.is_(None))
    )
    found = {Cause(cause): (began_at, detail or "") for cause, began_at, detail in rows}
    return tuple(GoingOn(cause, *found[cause]) for cause in Cause if cause in found)


def write_down(session: Session, rules: Rules, seen: Seen, at: datetime) -> list[News]:
    """Remember what is wrong now, and owe the coordinators the words about it, which are answered.

    `seen` is all that is wrong at the aware moment `at`. What has lasted for PATIENCE is told, once
    for as long as it lasts, and at most once an hour; not in quiet hours, after which it is told if
    it is still so. When all that was told is over, that is told as well.
    """
    rows = {row.cause: row for row in session.scalars(select(Trouble).with_for_update())}
    news = []
    for cause in Cause:
        row = rows.get(cause)
        if cause in seen:
            row = _goes_on(session, row, cause, seen[cause][:300], at)
            if _is_to_be_told(row, at) and _tell(session, rules, _words_for(row), row, at):
                row.told_at = at
                # Of a test call that failed letters are written at once, by night too.
                news += [_words_for(row)] if cause is not Cause.CANARY else []
        elif row is not None and row.ended_at is None:
            row.ended_at = at
            log.warning("trouble is over: %s", cause)
    told = [row for row in rows.values() if row.told_at is not None and row.told_at >= row.began_at]
    over = [row for row in told if _is_over_untold(row)]
    if over and all(row.ended_at is not None for row in told):
        words: News = (_OVER, {})
        if _tell(session, rules, words, over[0], at):
            news.append(words)
            for row in over:
                row.over_told_at = at
    return news


def _is_over_untold(row: Trouble) -> bool:
    if row.ended_at is None:
        return False
    return row.over_told_at is None or row.over_told_at < row.ended_at


def _goes_on(
    session: Session, row: Trouble | None, cause: Cause, detail: str, at: datetime
) -> Trouble:
    if row is None:
        row = Trouble(cause=cause, began_at=at)
        session.add(row)
    elif row.ended_at is not None:
        row.began_at, row.ended_at = at, None
    if row.began_at == at:
        log.warning("trouble: %s %s", cause, detail)
    row.detail = detail
    return row


def _is_to_be_told(row: Trouble, at: datetime) -> bool:
    if row.began_at > at - PATIENCE:
        return False
    return row.told_at is None or (
        row.told_at < row.began_at and row.told_at <= at - TOLD_AT_MOST_EVERY
    )


def _words_for(row: Trouble) -> News:
    """The prompt for a trouble, and what it is filled with."""
    called = _CALLED.get(Cause(row.cause))
    return f"trouble_{row.cause}", {called: row.detail or ""} if called else {}


def _tell(session: Session, rules: Rules, words: News, row: Trouble, at: datetime) -> bool:
    """Owe a text to everybody who runs a group; whether anybody was awake for it."""
    prompt, values = words
    told = False
    for person, line_id, zone in _coordinators(session):
        if hours.ends_at(rules.quiet, zone, at) > at:
            continue
        told = True
        texts.promise(
            session,
            rules.words,
            Purpose.ALERT,
            prompt,
            To(line_id, person.number, first_language(person.languages)),
            at,
            about=About(volunteer_id=person.id),
            once=f"{prompt}:{row.began_at:%Y%m%dT%H%M%S}:to:{person.id}",
            **values,
        )
    return told


def _coordinators(session: Session) -> Iterator[tuple[Volunteer, int, ZoneInfo]]:
    """Everybody who runs a group that has a line: each once, with a line and their clock."""
    groups = list(session.scalars(select(Group.id)))
    for person in volunteers.coordinators(session, groups):
        for group, line_id in volunteers.groups_of(session, person.id)[:1]:
            yield person, line_id, ZoneInfo(group.timezone)


def due_texts(session: Session, at: datetime) -> Iterable[int]:
    """The texts about trouble that ask to be sent now: the house may be too broken to send them."""
    return texts.due_alerts(session, [*(f"trouble_{cause}" for cause in Cause), _OVER], at)
