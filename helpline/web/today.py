"""GET /groups/<group>/today: what a coordinator sees at a glance, kept true while it is open."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from flask import Blueprint, Response, make_response, render_template, request
from flask_babel import gettext, lazy_gettext, ngettext

from helpline import phone_numbers, places
from helpline.rota_views.shown import Person
from helpline.today import glance as service
from helpline.today.glance import Today
from helpline.today.promises import Colour, How
from helpline.watching import heartbeats
from helpline.watching.troubles import Cause
from helpline.web.access import Role, group, open_to
from helpline.web.house import house, now
from helpline.web.wording import clock, zone

today = Blueprint("today", __name__)

HOW_WORDS: Final = {
    How.NOT_REACHED: lazy_gettext("not reached"),
    How.LONG_LATE: lazy_gettext("over an hour late"),
    How.NOBODY_ON: lazy_gettext("nobody on"),
    How.LATE: lazy_gettext("late"),
    How.SOON: lazy_gettext("soon"),
    How.IN_TIME: lazy_gettext("in time"),
}
_COLOUR_WORDS: Final = {
    Colour.BLACK: lazy_gettext("urgent"),
    Colour.RED: lazy_gettext("late"),
    Colour.AMBER: lazy_gettext("soon"),
    Colour.GREEN: lazy_gettext("in time"),
}
_PART_WORDS: Final = {
    heartbeats.WORKER: lazy_gettext("Nobody can be rung back: the worker for calls is not seen."),
    heartbeats.TEXT_WORKER: lazy_gettext("No text goes out: the worker for texts is not seen."),
    heartbeats.CLOCK: lazy_gettext("What falls due is not noticed: the clock is not seen."),
}
_TROUBLE_WORDS: Final = {
    Cause.WEB: lazy_gettext("Callers do not reach us: our own address cannot be asked for."),
    Cause.CERTIFICATE: lazy_gettext("The certificate runs out; then no caller reaches us."),
    Cause.TIME: lazy_gettext("The machine's clock is wrong: the wrong people may be rung."),
    Cause.QUEUE: lazy_gettext("Texts and calls back are late: the queue does not answer."),
    Cause.TEXTS: lazy_gettext("Our texts do not arrive. Look at the account with the network."),
    Cause.DISK: lazy_gettext("The disk is nearly full. Once it is full, no call is answered."),
    Cause.DATABASE: lazy_gettext("The database is very slow: callers wait in silence."),
    Cause.CONFIG: lazy_gettext("config.yaml has a mistake; the last good one is used."),
    Cause.BACKUP: lazy_gettext("There is no good backup of the last two days."),
    Cause.CANARY: lazy_gettext("The line did not answer its own test call. Please ring it."),
    Cause.TEXTS_BUDGET: lazy_gettext(
        "Four fifths of today's budget of texts are spent; what can wait goes out tomorrow."
    ),
    Cause.CODES: lazy_gettext(
        "Nearly every code of a line is in use: please close what is done. Nobody is turned away."
    ),
    Cause.MINUTES_BUDGET: lazy_gettext(
        "Four fifths of today's budget of minutes are spent. No call is cut short."
    ),
}
# So many lines fit on a telephone at once; with more, all of it is counted at the head. So many of
# each kind are shown; the rest is one tap away.
_MOST_LINES: Final = 5
_SHOWN: Final = {"calls": 4, "promises": 5, "voicemails": 3, "holes": 3, "broken": 4}


@dataclass(frozen=True, slots=True)
class _Broken:
    """One thing of the house that does not work: its line on the page, and what it says."""

    key: str
    label: str
    words: str
    detail: str = ""


@today.get("/groups/<int:group_id>/today")
@open_to(Role.COORDINATOR)
def show(group_id: int) -> str:
    """The whole page."""
    return render_template("today/show.html", **_seen(_look(group_id)))


@today.get("/groups/<int:group_id>/today/live")
@open_to(Role.COORDINATOR)
def live(group_id: int) -> Response:
    """What has changed since `seen`, a tag of an earlier answer: 204 where nothing has."""
    with house().database.reading() as reading:
        is_fresh = service.is_fresh(reading, group_id, request.args.get("seen", ""), now())
    answer = (
        make_response("", 204)
        if is_fresh
        else make_response(render_template("today/_today.html", **_seen(_look(group_id))))
    )
    answer.headers["X-As-Of"] = clock(now())
    return answer


@today.get("/groups/<int:group_id>/today/broken")
@open_to(Role.COORDINATOR)
def what_is_broken(group_id: int) -> str:
    """What does not work, what callers notice of it, and who can mend it."""
    with house().database.reading() as reading:
        numbers = places.numbers_of(reading, group_id)
    return render_template(
        "today/broken.html",
        broken=_broken(_look(group_id)),
        numbers=[(phone_numbers.national(number), number) for number in numbers],
    )


def _look(group_id: int) -> Today:
    with house().database.reading() as reading:
        return service.look(reading, house().rules, group_id, now())


def _seen(found: Today) -> dict[str, object]:
    return {
        "today": found,
        "on_now": _on_now(found),
        "group_id": group().id,
        "how_words": HOW_WORDS,
        "by_colour": _by_colour(found),
        "colour_words": _COLOUR_WORDS,
        "is_long": _lines(found) > _MOST_LINES,
        "broken": _broken(found),
        "shown": _SHOWN,
        "week": _week,
        "a_day": timedelta(days=1),
    }


def _on_now(found: Today) -> list[tuple[datetime | None, list[Person]]]:
    """Who is on, those who go at the same time together: on a telephone, a line is dear."""
    together: dict[datetime | None, list[Person]] = {}
    for on in found.now.on:
        together.setdefault(on.until, []).append(on.person)
    return list(together.items())


def _broken(found: Today) -> list[_Broken]:
    """What does not work in the house itself, the worst first."""
    broken, late = gettext("broken"), found.glance.house.stuck
    lines = [
        _Broken(f"part-{number}", broken, str(_PART_WORDS[part]))
        for number, part in enumerate(found.glance.house.not_seen, start=1)
    ]
    if late:
        said = ngettext(
            "%(num)d callback, text or voicemail should be done by now, and is not.",
            "%(num)d callbacks, texts or voicemails should be done by now, and are not.",
            late,
        )
        lines.append(_Broken("stuck", gettext("stuck"), said))
    lines += [
        _Broken(f"trouble-{each.cause.value}", broken, str(_TROUBLE_WORDS[each.cause]), each.detail)
        for each in found.troubles
    ]
    return lines


def _by_colour(found: Today) -> dict[Colour, int]:
    """How many promises there are of each colour, the worst first."""
    counted = Counter(each.how.colour for each in found.promises)
    return {colour: counted[colour] for colour in Colour if counted[colour]}


def _lines(found: Today) -> int:
    """How many lines the page has for what needs a coordinator."""
    glance = found.glance
    mend = (*glance.house.not_seen, *found.troubles, *found.stopped, *glance.not_delivered)
    many = (glance.calls, mend, found.promises, glance.voicemails, found.holes)
    return sum(len(each) for each in many) + bool(glance.house.stuck)


def _week(at: datetime) -> str:
    """The week of a moment as the rota's address names it, by the clock of the group: 2026-W10."""
    year, week, _ = at.astimezone(zone()).isocalendar()
    return f"{year}-W{week:02}"
