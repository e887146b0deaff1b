"""GET /groups/<group>/figures: how calls and requests went in any days, with charts and CSV."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import format_date, gettext, lazy_gettext
from markupsafe import Markup

from helpline import figures as service
from helpline import figures_csv
from helpline.figures_values import Calls, Figures
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
    """The figures of this month, or of the days asked for."""
    try:
        days = _days()
    except NoSuchDays as mistake:
        return render_template("figures/show.html", **_page(None, mistake.wrong)), 422
    return render_template("figures/show.html", **_page(_count(group_id, days), {}))


@figures.get("/groups/<int:group_id>/figures.csv")
@open_to(Role.COORDINATOR)
def download(group_id: int) -> ResponseReturnValue:
    """All of it as CSV; `outside=yes` for what leaves the group."""
    try:
        days = _days()
    except NoSuchDays as mistake:
        return render_template("figures/show.html", **_page(None, mistake.wrong)), 422
    outside = request.args.get("outside") == "yes"
    found = _count(group_id, days)
    name = f"figures-{days.first}-{days.last}{'-outside' if outside else ''}.csv"
    return Response(
        figures_csv.for_outside(found) if outside else figures_csv.for_the_group(found),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _count(group_id: int, days: Days) -> Figures:
    areas = [each.id for each in asker().groups.values() if each.coordinator]
    with house().database.reading() as reading:
        return service.count(reading, group_id, areas, days.first, days.last)


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


def _page(found: Figures | None, wrong: Mapping[str, str]) -> dict[str, object]:
    """What the page says; without figures, what is wrong with the days."""
    typed = {
        "from": str(found.first) if found else request.args.get("from", ""),
        "to": str(found.last) if found else request.args.get("to", ""),
    }
    page: dict[str, object] = {
        "group_id": group().id,
        "figures": found,
        "wrong": wrong,
        "typed": typed,
        "spans": _spans(),
        "span_words": _SPAN_WORDS,
    }
    return page | _tables(found) if found else page


def _tables(found: Figures) -> dict[str, object]:
    by_day, by_hour = list(_by_day(found)), list(_by_hour(found))
    states = {
        kind: [(_category(key), row) for key, row in found.by_category(kind).items()]
        for kind in Kind
    }
    shown = [each for each in found.telephones if each.in_vain][:_TELEPHONES]
    return {
        "State": State,
        "calls": found.calls,
        "by_day": by_day,
        "by_hour": by_hour,
        "day_chart": _calls_chart("days", gettext("Calls by day"), by_day),
        "hour_chart": _calls_chart("hours", gettext("Calls by hour"), by_hour),
        "asks": states[Kind.ASK],
        "offers": states[Kind.OFFER],
        "ask_chart": _asks_chart(states[Kind.ASK]),
        "not_met": [(_reason(key), count) for key, count in found.not_met().items()],
        "telephones": shown,
        "telephones_left": sum(1 for each in found.telephones if each.in_vain) - len(shown),
        "share": _share,
    }


def _by_day(found: Figures) -> Iterator[tuple[str, Calls]]:
    """The calls of each day, or of each week (from Monday) where there are many days."""
    if len(found.by_day) <= _MOST_DAYS:
        for day, calls in found.by_day.items():
            yield str(format_date(day, "EEE d MMM")), calls
        return
    weeks: dict[date, list[Calls]] = {}
    for day, calls in found.by_day.items():
        weeks.setdefault(day - day.weekday() * _DAY, []).append(calls)
    for monday, several in weeks.items():
        yield str(format_date(monday, "d MMM yy")), Calls.together(several)


def _by_hour(found: Figures) -> Iterator[tuple[str, Calls]]:
    """The calls of each hour of the day, from the first that had any until the last."""
    had_calls = [hour for hour, calls in found.by_hour.items() if calls.all]
    for hour in range(had_calls[0], had_calls[-1] + 1) if had_calls else ():
        yield f"{hour:02}:00", found.by_hour[hour]


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
