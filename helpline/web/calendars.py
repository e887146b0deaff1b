"""Private calendars: the addresses that calendar programs read, and the page that has them."""

from collections.abc import Callable
from datetime import datetime
from functools import cache
from urllib.parse import urlsplit

from babel.lists import format_list
from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, get_locale, gettext
from sqlalchemy.orm import Session

from helpline.rota import PatternShift
from helpline.rota_views import calendars as service
from helpline.rota_views.calendars import CalendarShift, Feed, NoSuchCalendar
from helpline.rota_views.icalendar_text import Event, written
from helpline.web.access import Role, asker, group, open_to
from helpline.web.forms import Form
from helpline.web.house import house, now
from helpline.web.wording import LANGUAGES

calendars = Blueprint("calendars", __name__)


@calendars.get("/calendars/me/<token>.ics")
@open_to(Role.NOBODY)
def person(token: str) -> Response:
    """The shifts of one person. A calendar program cannot sign in: the address is the key."""
    return _calendar(service.person_feed, token)


@calendars.get("/calendars/group/<token>.ics")
@open_to(Role.NOBODY)
def of_group(token: str) -> Response:
    """The shifts of a group, as one of its members may read them."""
    return _calendar(service.group_feed, token)


@calendars.get("/me/calendar")
@open_to(Role.VOLUNTEER)
def show() -> ResponseReturnValue:
    """The addresses of somebody's calendars, and how to add them to a telephone."""
    key = house().secrets.key
    with house().database.reading() as reading:
        tokens = service.tokens(reading, key, asker().volunteer_id)
    return render_template(
        "calendars/show.html",
        own=_address("calendars.person", tokens.person.token),
        own_version=tokens.person.version,
        groups=[
            (each, _address("calendars.of_group", token.token), token.version)
            for each in asker().groups.values()
            if (token := tokens.groups.get(each.id))
        ],
        form=Form(),
    )


@calendars.post("/me/calendar/renew")
@open_to(Role.VOLUNTEER)
def renew() -> ResponseReturnValue:
    """Cancel every address that somebody was given; the page has new ones."""
    with house().database.unit_of_work() as writing:
        done = service.cancel_of_person(writing, asker().volunteer_id, _version(), now())
    if done:
        flash(gettext("The old addresses show nothing any more. Here are your new ones."))
    return redirect(url_for("calendars.show"))


@calendars.post("/groups/<int:group_id>/calendar/renew")
@open_to(Role.COORDINATOR)
def renew_group(group_id: int) -> ResponseReturnValue:
    """Cancel the addresses of the group's calendar, whoever has them."""
    by = asker().volunteer_id
    with house().database.unit_of_work() as writing:
        done = service.cancel_of_group(writing, group_id, _version(), by, now())
    if done:
        named = group().name
        flash(gettext("Everybody's address of the calendar of %(group)s is new.", group=named))
    return redirect(url_for("calendars.show"))


def _version() -> int:
    """Of the addresses that the page showed; what is no number is none of ours."""
    return request.form.get("version", -1, type=int)


def _address(endpoint: str, token: str) -> str:
    return url_for(endpoint, token=token, _external=True, _scheme=urlsplit(house().base_url).scheme)


def _calendar(of: Callable[[Session, str, str, datetime], Feed], token: str) -> Response:
    try:
        with house().database.reading() as reading:
            feed = of(reading, house().secrets.key, token, now())
    except NoSuchCalendar:
        abort(404)
    first = feed.languages.partition(" ")[0]
    with force_locale(first if first in LANGUAGES else LANGUAGES[0]):
        text = _text(feed)
    answer = Response(text, content_type="text/calendar; charset=utf-8")
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.headers["Content-Disposition"] = 'inline; filename="helpline.ics"'
    answer.add_etag()
    answer.make_conditional(request)
    return answer


def _text(feed: Feed) -> bytes:
    host = urlsplit(house().base_url).hostname or "helpline"
    name = gettext("Helpline: %(name)s", name=feed.group or feed.person)
    # The same few people are on again and again.
    words = cache(_of_group if feed.group else _of_person)
    events = (
        Event(
            f"{_uid(shift)}@{host}",
            shift.starts,
            shift.ends,
            *words(shift.group, shift.people),
        )
        for shift in feed.shifts
    )
    return written(name, events, feed.since)


def _uid(shift: CalendarShift) -> str:
    """Its name on the rota, which it keeps when it is moved."""
    if isinstance(shift.name, PatternShift):
        return f"shift-{shift.name.pattern_id}-{shift.name.on}"
    return f"added-shift-{shift.name.change_id}"


def _of_person(where: str, others: tuple[str, ...]) -> tuple[str, str]:
    if others:
        words = gettext("With %(names)s.", names=_listed(others))
    else:
        words = gettext("You are on your own.")
    return gettext("Helpline: %(name)s", name=where), words


def _of_group(where: str, people: tuple[str, ...]) -> tuple[str, str]:
    names = _listed(people) if people else gettext("nobody")
    return gettext("Helpline: %(name)s", name=names), where


def _listed(names: tuple[str, ...]) -> str:
    return str(format_list(names, locale=get_locale()))
