"""Tells those whose shifts were changed: once, after a pause, and only of what is different now."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Protocol
from zoneinfo import ZoneInfo

from babel.dates import format_date
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from helpline import hours, rota, shifts, texts
from helpline.models import Group, LineGroup, Purpose, RotaNews, Volunteer
from helpline.rota import Rota
from helpline.rules import Rules
from helpline.texts import About, To
from helpline.upsert import insert_each_once
from helpline.volunteers import first_language
from helpline.when import holidays
from helpline.when.day_words import say_times
from helpline.when.spans import Span
from helpline.words import Words

# Who puts a rota right edits it several times; each person is told when that is over.
PAUSE: Final = timedelta(minutes=5)
# So many shifts fit into one text.
_ROOM: Final = 3


class Changed(Protocol):
    """Somebody whose shifts were changed: what they are on now, and what no longer."""

    @property
    def volunteer_id(self) -> int: ...
    @property
    def added(self) -> tuple[Span, ...]: ...
    @property
    def removed(self) -> tuple[Span, ...]: ...


def note(session: Session, group_id: int, people: Iterable[Changed], at: datetime) -> None:
    """Owe these people news of their shifts in a group, changed at the moment `at`.

    What they knew last is what counts: the first note of a shift says whether they were on it then.
    """
    rows = [
        {
            "group_id": group_id,
            "volunteer_id": person.volunteer_id,
            "starts": span.starts,
            "ends": span.ends,
            "was_on": was_on,
            "changed_at": at,
        }
        for person in people
        for was_on, spans in ((False, person.added), (True, person.removed))
        for span in spans
    ]
    if not rows:
        return
    insert_each_once(session, RotaNews, rows, "group_id,volunteer_id,starts,ends", ())
    session.execute(
        update(RotaNews)
        .where(
            RotaNews.group_id == group_id,
            RotaNews.volunteer_id.in_({row["volunteer_id"] for row in rows}),
        )
        .values(changed_at=at)
    )


def tell(session: Session, rules: Rules, at: datetime) -> None:
    """Owe a text to everybody whose shifts were changed, and not again for PAUSE.

    Nobody is told in quiet hours: in the morning there may be other news.
    """
    for who in _ready(session, at):
        zone = ZoneInfo(who.timezone)
        if hours.ends_at(rules.quiet, zone, at) > at:
            continue
        noted = _taken(session, who)
        added, removed = _difference(session, who, noted, at)
        if (added or removed) and not who.disabled and who.line_id is not None:
            _promise(session, rules.words, who, added, removed, at)


def told_at(
    session: Session, rules: Rules, group_id: int, zone: ZoneInfo, edited_at: datetime
) -> datetime | None:
    """When those are told whose shifts in a group the edit of that moment has changed (UTC).

    None where it has changed nobody's, or they have been told.
    """
    changed_at = session.scalar(
        select(func.max(RotaNews.changed_at)).where(
            RotaNews.group_id == group_id, RotaNews.changed_at >= edited_at
        )
    )
    return None if changed_at is None else hours.ends_at(rules.quiet, zone, changed_at + PAUSE)


@dataclass(frozen=True, slots=True)
class _Who:
    """Somebody to be told of their shifts in one group."""

    group_id: int
    group: str
    timezone: str
    volunteer_id: int
    number: str
    languages: str
    disabled: bool
    line_id: int | None
    changed_at: datetime

    def __repr__(self) -> str:
        return f"_Who({self.group_id}, {self.volunteer_id})"


def _ready(session: Session, at: datetime) -> list[_Who]:
    """Those whose shifts were changed long enough ago."""
    waiting = (
        select(
            RotaNews.group_id,
            RotaNews.volunteer_id,
            func.max(RotaNews.changed_at).label("changed_at"),
        )
        .group_by(RotaNews.group_id, RotaNews.volunteer_id)
        .having(func.max(RotaNews.changed_at) <= at - PAUSE)
        .subquery()
    )
    first_line = select(func.min(LineGroup.line_id)).where(LineGroup.group_id == Group.id)
    rows = session.execute(
        select(
            Group.id.label("group_id"),
            Group.name.label("group"),
            Group.timezone,
            Volunteer.id.label("volunteer_id"),
            Volunteer.number,
            Volunteer.languages,
            Volunteer.disabled_at.is_not(None).label("disabled"),
            first_line.scalar_subquery().label("line_id"),
            waiting.c.changed_at,
        )
        .join(waiting, waiting.c.group_id == Group.id)
        .join(Volunteer, Volunteer.id == waiting.c.volunteer_id)
        .order_by(Group.id, Volunteer.id)
    )
    return [_Who(**row._mapping) for row in rows]


def _taken(session: Session, who: _Who) -> Mapping[Span, bool]:
    """The shifts noted for somebody, and whether they were on each; they are noted no longer."""
    rows = session.execute(
        delete(RotaNews)
        .where(RotaNews.group_id == who.group_id, RotaNews.volunteer_id == who.volunteer_id)
        .returning(RotaNews.starts, RotaNews.ends, RotaNews.was_on)
    )
    return {Span(row.starts, row.ends): row.was_on for row in rows}


def _difference(
    session: Session, who: _Who, noted: Mapping[Span, bool], at: datetime
) -> tuple[list[Span], list[Span]]:
    """Of the noted shifts not yet over: those they are on now and were not, and the other way."""
    left = {span: was_on for span, was_on in noted.items() if span.ends > at}
    if not left:
        return [], []
    start, end = min(span.starts for span in left), max(span.ends for span in left)
    resolved = shifts.rotas(session, {who.group_id: who.timezone}, start, end)[who.group_id]
    closed = holidays.of_group(session, who.group_id, start.date() - timedelta(days=1))
    now_on = _on(resolved, who.volunteer_id, Span(start, end), closed)
    added = [span for span, was_on in left.items() if not was_on and _is_on(span, now_on)]
    removed = [span for span, was_on in left.items() if was_on and not _is_on(span, now_on)]
    return sorted(added), sorted(removed)


def _on(resolved: Rota, volunteer_id: int, within: Span, closed: Collection[date]) -> list[Span]:
    return [
        Span(shift.starts, shift.ends)
        for shift in rota.shifts(resolved, within.starts, within.ends)
        if volunteer_id in shift.volunteers and not holidays.is_closed(shift.wall, closed)
    ]


def _is_on(span: Span, now_on: Sequence[Span]) -> bool:
    """Whether they are on it now; of a shift that had begun, only the rest was noted."""
    return any(each.starts <= span.starts and each.ends == span.ends for each in now_on)


def _promise(
    session: Session, words: Words, who: _Who, added: list[Span], removed: list[Span], at: datetime
) -> None:
    language = first_language(who.languages)
    zone = ZoneInfo(who.timezone)
    room = _ROOM - 1 if added and removed else _ROOM
    prompt = "shifts_changed" if added and removed else "shifts_added" if added else "shifts_gone"
    texts.promise(
        session,
        words,
        Purpose.NOTICE,
        prompt,
        To(who.line_id or 0, who.number, language),
        at,
        about=About(volunteer_id=who.volunteer_id),
        once=f"rota_news:{who.group_id}:{who.volunteer_id}:{who.changed_at:%Y%m%dT%H%M%S.%f}",
        group=who.group,
        added=say_shifts(words, language, added, zone, room),
        removed=say_shifts(words, language, removed, zone, _ROOM - min(len(added), room)),
    )


def say_shifts(
    words: Words, language: str | None, spans: list[Span], zone: ZoneInfo, room: int
) -> str:
    """Shifts in words: "Tue 10 Mar 18:00-22:00, Thu 12 Mar 18:00-22:00 and 5 more"."""
    locale = words.language(language).locale
    shown = [_say_span(span, zone, locale) for span in spans[:room]]
    listed = ", ".join(shown)
    more = len(spans) - len(shown)
    return words.texted("shifts_more", language, shifts=listed, count=more) if more else listed


def _say_span(span: Span, zone: ZoneInfo, locale: str) -> str:
    begin, end = span.starts.astimezone(zone), span.ends.astimezone(zone)
    return f"{format_date(begin, 'EEE d MMM', locale)} {say_times(begin, end)}"
