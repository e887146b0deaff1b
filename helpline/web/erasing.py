"""All that is known of a caller or a volunteer: handed over in a file, or erased after three days.

Each of these pages has two addresses: one by a request of the caller's, one by the volunteer.
"""

from collections.abc import Callable
from io import BytesIO
from typing import Final

from flask import Blueprint, Response, abort, flash, redirect, render_template, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from helpline.people import leaving, membership
from helpline.people.membership import LastCoordinator, NotAMember
from helpline.privacy import erasures, exporting, whole_person
from helpline.privacy.erasures import AskedElsewhere, RunsAlone
from helpline.privacy.exported_files import as_zip
from helpline.privacy.whole_person import NobodyKnown, Person
from helpline.web.access import Role, asker, group, open_to
from helpline.web.forms import Form
from helpline.web.house import house, now
from helpline.web.opening import the_request
from helpline.web.sure import asks_again

erasing = Blueprint("erasing", __name__)

_CALLER: Final = "/groups/<int:group_id>/requests/<int:request_id>/caller"
_VOLUNTEER: Final = "/groups/<int:group_id>/people/<int:volunteer_id>/known"

# Finds who a page is about, in an open session.
_Find = Callable[[Session], Person]


@erasing.get(_CALLER)
@open_to(Role.COORDINATOR)
def caller(group_id: int, request_id: int) -> str:
    """What is known of whoever this request is from."""
    return _page(_caller(request_id), {"request_id": request_id}, "caller")


@erasing.get(_VOLUNTEER)
@open_to(Role.COORDINATOR)
def volunteer(group_id: int, volunteer_id: int) -> str:
    """What is known of a member."""
    return _page(_volunteer(volunteer_id), {"volunteer_id": volunteer_id}, "volunteer")


@erasing.post(f"{_CALLER}/export")
@open_to(Role.COORDINATOR)
@asks_again
def export_caller(group_id: int, request_id: int) -> Response:
    """All of it in one file, on record."""
    return _file(_caller(request_id))


@erasing.post(f"{_VOLUNTEER}/export")
@open_to(Role.COORDINATOR)
@asks_again
def export_volunteer(group_id: int, volunteer_id: int) -> Response:
    """All of it in one file, on record."""
    return _file(_volunteer(volunteer_id))


@erasing.post(f"{_CALLER}/erase")
@open_to(Role.COORDINATOR)
@asks_again
def erase_caller(group_id: int, request_id: int) -> ResponseReturnValue:
    """They are erased in three days."""
    _ask(_caller(request_id))
    return redirect(url_for("erasing.caller", group_id=group_id, request_id=request_id))


@erasing.post(f"{_VOLUNTEER}/erase")
@open_to(Role.COORDINATOR)
@asks_again
def erase_volunteer(group_id: int, volunteer_id: int) -> ResponseReturnValue:
    """They are erased in three days."""
    _ask(_volunteer(volunteer_id))
    return redirect(url_for("erasing.volunteer", group_id=group_id, volunteer_id=volunteer_id))


@erasing.post(f"{_CALLER}/keep")
@open_to(Role.COORDINATOR)
def keep_caller(group_id: int, request_id: int) -> ResponseReturnValue:
    """They stay as they are after all."""
    _undo(_caller(request_id))
    return redirect(url_for("erasing.caller", group_id=group_id, request_id=request_id))


@erasing.post(f"{_VOLUNTEER}/keep")
@open_to(Role.COORDINATOR)
def keep_volunteer(group_id: int, volunteer_id: int) -> ResponseReturnValue:
    """They stay as they are after all."""
    _undo(_volunteer(volunteer_id))
    return redirect(url_for("erasing.volunteer", group_id=group_id, volunteer_id=volunteer_id))


def _caller(request_id: int) -> _Find:
    def find(session: Session) -> Person:
        caller_id = the_request(session, request_id).caller_id
        try:
            return whole_person.with_ids(session, caller_id, None)
        except NobodyKnown:
            abort(404)

    return find


def _volunteer(volunteer_id: int) -> _Find:
    def find(session: Session) -> Person:
        try:
            membership.name_of(session, group().id, volunteer_id)
            return whole_person.with_ids(session, None, volunteer_id)
        except (NotAMember, NobodyKnown):
            abort(404)

    return find


def _page(find: _Find, at: dict[str, int], kind: str) -> str:
    group_id = group().id
    with house().database.reading() as reading:
        person = find(reading)
        there = whole_person.count(reading, person, group_id)
        owed = whole_person.owed(reading, person, group_id)
        elsewhere = whole_person.is_known_elsewhere(reading, person, group_id)
        pending = erasures.of_person(reading, person)
        reach = erasures.reach(reading, pending, person, group_id) if pending else None
        leaving = None if pending else _leaving(reading, person)
    return render_template(
        "erasing/known.html",
        person=person,
        there=there,
        owed=owed,
        elsewhere=elsewhere,
        pending=pending,
        reach=reach,
        leaving=leaving,
        form=Form(),
        kind=kind,
        at=dict(group_id=group_id, **at),
    )


def _leaving(reading: Session, person: Person) -> leaving.Leaving | None:
    """What it opens in the rota when a volunteer goes."""
    if person.volunteer_id is None:
        return None
    try:
        return leaving.what_it_opens(reading, house().rules, group(), person.volunteer_id, now())
    except (NotAMember, LastCoordinator):
        return None


def _file(find: _Find) -> Response:
    with house().database.unit_of_work() as writing:
        person = find(writing)
        by = asker().volunteer_id
        found = exporting.export(writing, person, now(), by_id=by, group_id=group().id)
    answer = send_file(
        BytesIO(as_zip(found)),
        mimetype="application/zip",
        as_attachment=True,
        download_name=f"about-{now():%Y-%m-%d}.zip",
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _ask(find: _Find) -> None:
    try:
        with house().database.unit_of_work() as writing:
            person = find(writing)
            by = asker().volunteer_id
            erasures.ask(writing, person, now(), by_id=by, group_id=group().id)
    except AskedElsewhere:
        flash(_asked_elsewhere(), "warning")
    except RunsAlone:
        flash(
            gettext("Nobody else runs the group. Make somebody else a coordinator first."),
            "warning",
        )
    else:
        flash(gettext("They are erased in three days, unless it is undone."))


def _undo(find: _Find) -> None:
    try:
        with house().database.unit_of_work() as writing:
            person = find(writing)
            by = asker().volunteer_id
            erasures.undo(writing, person, now(), by_id=by, group_id=group().id)
    except AskedElsewhere:
        flash(_asked_elsewhere(), "warning")
    else:
        flash(gettext("They stay as they are."))


def _asked_elsewhere() -> str:
    return str(gettext("Another group is erasing what it knows of them. Look again after that."))
