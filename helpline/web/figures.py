"""GET /groups/<group>/figures…: how calls and requests went in any days, with charts and CSV."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import format_date, gettext, lazy_gettext
from markupsafe import Markup
from sqlalchemy.orm import Session

from helpline import audit
from helpline.figures import as_csv
from helpline.figures import counting as service
from helpline.figures.values import Calls
from helpline.models import Kind
from helpline.request_states import State
from helpline.web import charts
from helpline.web.access import Role, asker, group, open_to
from helpline.web.charts import Row, Words
from helpline.web.house import house, now
from helpline.web.wording import language, zone

figures = Blueprint("figures", __name__)

_DAY: Final = timedelta(days=1)
_LONGEST: Final = timedelta(days=3 * 366)
# With more days than that, a table has a row for each week.
_MOST_DAYS: Final = 62
_TELEPHONES: Final = 10


class NoSuchDays(ValueError):
    """The days asked for are none; `wrong` says why, by field."""

    def __init__(self, wrong: Mapping[str, str]) -> None:
        super().__init__("no such days")
        self.wrong = wrong


@dataclass(frozen=True, slots=True)
class Days:
    """From `first` to `last`, both included."""

    first: date
    last: date


@figures.get("/groups/<int:group_id>/figures")
@open_to(Role.COORDINATOR)
def show(group_id: int) -> ResponseReturnValue:
    """How the calls of this month went, or those of the days asked for."""
    return _part("calls", _of_calls)


@figures.get("/groups/<int:group_id>/figures/requests")
@open_to(Role.COORDINATOR)
def of_requests(group_id: int) -> ResponseReturnValue:
    """What was asked for and offered in these days, and what has become of it."""
    return _part("requests", _of_requests)


@figures.get("/groups/<int:group_id>/figures/telephones")
@open_to(Role.COORDINATOR)
def of_telephones(group_id: int) -> ResponseReturnValue:
    """Whose telephones rang in vain in these days."""
    return _part("telephones", _of_telephones)


@figures.get("/groups/<int:group_id>/figures.csv")
@open_to(Role.COORDINATOR)
def download(group_id: int) -> ResponseReturnValue:
    """All of it as CSV; `outside=yes` for what leaves the group."""
    try:
        days = _days()
    except NoSuchDays as mistake:
        return _page("calls", None, {}, mistake.wrong), 422
    outside = request.args.get("outside") == "yes"
    with house().database.reading() as reading:
        found = service.count(reading, group_id, _areas(), days.first, days.last)
    with house().database.unit_of_work() as writing:
        audit.write(
            writing,
            "figures_taken_out",
            now(),
            by_id=asker().volunteer_id,
            group_id=group_id,
            detail=f"{days.first} – {days.last}",
        )
    name = f"figures-{days.first}-{days.last}{'-outside' if outside else ''}.csv"
    return Response(
        as_csv.for_outside(found) if outside else as_csv.for_the_group(found),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _part(name: str, counted: Callable[[Session, Days], dict[str, object]]) -> ResponseReturnValue:
    """One part of the figures: a year of all of them together takes too long to wait for."""
    try:
        days = _days()
    except NoSuchDays as mistake:
        return _page(name, None, {}, mistake.wrong), 422
    with house().database.reading() as reading:
        found = counted(reading, days)
    return _page(name, days, found, {})


def _areas() -> list[int]:
    return [each.id for each in asker().groups.values() if each.coordinator]


def _days() -> Days:
    """The days in the address; this month where it names none. Raises NoSuchDays."""
    month = _spans()["month"]
    wrong: dict[str, str] = {}
    read = {}
    for name, otherwise in (("from", month.first), ("to", month.last)):
        typed = request.args.get(name, "").strip()
        try:
            read[name] = date.fromisoformat(typed) if typed else otherwise
        except ValueError:
            wrong[name] = gettext("Write a day such as 2026-03-31.")
    if not wrong and read["to"] < read["from"]:
        wrong["to"] = gettext("The last day lies before the first.")
    elif not wrong and read["to"] - read["from"] > _LONGEST:
        wrong["to"] = gettext("That is too long: three years at most.")
    # The calendar of computers ends in 9999, and clocks are asked about the day after.
    elif not wrong and not date(1990, 1, 1) <= read["from"] <= read["to"] < date(2200, 1, 1):
        wrong["from"] = gettext("There is nothing so far from today.")
    if wrong:
        raise NoSuchDays(wrong)
    return Days(read["from"], read["to"])


def _spans() -> dict[str, Days]:
    """The days one asks for most often, up to today."""
    today = now().astimezone(zone()).date()
    return {
        "week": Days(today - today.weekday() * _DAY, today),
        "month": Days(today.replace(day=1), today),
        "year": Days(today.replace(month=1, day=1), today),
    }


_SPAN_WORDS: Final = {
    "week": lazy_gettext("This week"),
    "month": lazy_gettext("This month"),
    "year": lazy_gettext("This year"),
}


_PARTS: Final = (
    ("calls", "figures.show", lazy_gettext("Calls")),
    ("requests", "figures.of_requests", lazy_gettext("Requests")),
    ("telephones", "figures.of_telephones", lazy_gettext("Telephones")),
)


def _page(
    part: str, days: Days | None, found: Mapping[str, object], wrong: Mapping[str, str]
) -> str:
    """What a part's page says; without days, what is wrong with those asked for."""
    typed = {
        "from": str(days.first) if days else request.args.get("from", ""),
        "to": str(days.last) if days else request.args.get("to", ""),
    }
    return render_template(
        f"figures/{part}.html",
        **found,
        group_id=group().id,
        part=part,
        parts=_PARTS,
        days=days,
        wrong=wrong,
        typed=typed,
        spans=_spans(),
        span_words=_SPAN_WORDS,
    )


def _of_calls(reading: Session, days: Days) -> dict[str, object]:
    found = service.of_calls(reading, group().id, days.first, days.last)
    by_day, by_hour = list(_by_day(found.by_day)), list(_by_hour(found.by_hour))
    return {
        "calls": found.all,
        "waits": found.waits,
        "is_by_week": len(by_day) < len(found.by_day),
        "by_day": by_day,
        "by_hour": by_hour,
        "day_chart": _calls_chart("days", gettext("Calls by day"), by_day),
        "hour_chart": _calls_chart("hours", gettext("Calls by hour"), by_hour),
        "share": _share,
    }


def _of_requests(reading: Session, days: Days) -> dict[str, object]:
    found = service.of_requests(reading, group().id, _areas(), days.first, days.last)
    states = {
        kind: [(_category(key), row) for key, row in found.by_category(kind).items()]
        for kind in Kind
    }
    return {
        "State": State,
        "asks": states[Kind.ASK],
        "offers": states[Kind.OFFER],
        "ask_chart": _asks_chart(states[Kind.ASK]),
        "not_met": [(_reason(key), count) for key, count in found.not_met().items()],
        "areas": [(each.group, each.states) for each in found.areas],
    }


def _of_telephones(reading: Session, days: Days) -> dict[str, object]:
    found = service.telephones(reading, group().id, days.first, days.last)
    in_vain = [each for each in found if each.in_vain]
    return {
        "telephones": in_vain[:_TELEPHONES],
        "telephones_left": len(in_vain[_TELEPHONES:]),
    }


def _by_day(days: Mapping[date, Calls]) -> Iterator[tuple[str, Calls]]:
    """The calls of each day, or of each week (from Monday) where there are many days."""
    if len(days) <= _MOST_DAYS:
        for day, calls in days.items():
            yield str(format_date(day, "EEE d MMM")), calls
        return
    weeks: dict[date, list[Calls]] = {}
    for day, calls in days.items():
        weeks.setdefault(day - day.weekday() * _DAY, []).append(calls)
    for monday, several in weeks.items():
        yield str(format_date(monday, "d MMM yy")), Calls.together(several)


def _by_hour(hours: Mapping[int, Calls]) -> Iterator[tuple[str, Calls]]:
    """The calls of each hour of the day, from the first that had any until the last."""
    had_calls = [hour for hour, calls in hours.items() if calls.all]
    for hour in range(had_calls[0], had_calls[-1] + 1) if had_calls else ():
        yield f"{hour:02}:00", hours[hour]


def _calls_chart(name: str, title: str, rows: list[tuple[str, Calls]]) -> Markup | None:
    if not any(calls.all for _, calls in rows):
        return None
    most_at, most = max(rows, key=lambda row: row[1].all)
    says = gettext(
        "Most calls: %(most)d, %(when)s. Every number is in the table.", most=most.all, when=most_at
    )
    words = Words(name, title, says, gettext("Calls"), gettext("Answered"))
    return charts.columns(words, [Row(at, each.all, each.answered) for at, each in rows])


def _asks_chart(rows: list[tuple[str, dict[State, int]]]) -> Markup | None:
    if not rows:
        return None
    words = Words(
        "asks",
        gettext("Asked and met"),
        gettext("Most often asked for: %(what)s. Every number is in the table.", what=rows[0][0]),
        gettext("Asked"),
        gettext("Met"),
    )
    return charts.bars(words, [Row(says, sum(n.values()), n[State.DONE]) for says, n in rows])


def _category(key: str | None) -> str:
    if key is None:
        return str(gettext("not said"))
    return house().rules.config.requests.category(key, language())


def _reason(key: str) -> str:
    return house().rules.config.requests.reason(key, language())


def _share(part: int, of: int) -> str:
    """87 %, by whole ones; nothing where there is nothing to have a share of."""
    return f"{round(100 * part / of)}\N{NO-BREAK SPACE}%" if of else "–"
