"""GET /groups/<group>/requests/<request>/kept-aside: a flood, for a coordinator to sift."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from sqlalchemy.orm import Session

from helpline.logs import masked
from helpline.models import Request
from helpline.texting import kept_aside as service
from helpline.web.access import Role, asker, open_to
from helpline.web.forms import Form
from helpline.web.house import house, now
from helpline.web.opening import the_request
from helpline.web.people_forms import row_id

kept_aside = Blueprint("kept_aside", __name__)

_AT = "/groups/<int:group_id>/requests/<int:request_id>/kept-aside"


@kept_aside.get(_AT)
@open_to(Role.COORDINATOR)
def show(group_id: int, request_id: int) -> str:
    """Who texted, and what: fifty people a page, whoever waits longest first."""
    with house().database.reading() as reading:
        found = _shared(reading, request_id)
        people = service.page_of(reading, found.id, row_id(request.args.get("after", "")) or 0)
        count = service.count(reading, found.id)
        is_open = found.closed_at is None
    return render_template(
        "requests/kept_aside.html",
        request_id=request_id,
        people=people,
        a_page=service.A_PAGE,
        count=count,
        is_open=is_open,
        form=Form(),
        masked=masked,
    )


@kept_aside.post(f"{_AT}/open")
@open_to(Role.COORDINATOR)
def open_own(group_id: int, request_id: int) -> ResponseReturnValue:
    """Give those that are ticked a request of their own."""
    ticked = {found for each in request.form.getlist("text") if (found := row_id(each))}
    with house().database.unit_of_work() as writing:
        shared = _shared(writing, request_id, to_change=True)
        opened = service.open_own(
            writing, house().rules, shared, ticked, asker().volunteer_id, now()
        )
    said = ngettext("%(num)d request is opened.", "%(num)d requests are opened.", opened)
    flash(said if opened else gettext("Nobody was ticked."))
    return redirect(url_for("kept_aside.show", group_id=group_id, request_id=request_id))


@kept_aside.post(f"{_AT}/close")
@open_to(Role.COORDINATOR)
def close(group_id: int, request_id: int) -> ResponseReturnValue:
    """Nobody who is left needs anything."""
    with house().database.unit_of_work() as writing:
        shared = _shared(writing, request_id, to_change=True)
        service.close(writing, shared, asker().volunteer_id, now())
    flash(gettext("It is closed. Nothing is lost: it stays among what is closed."))
    return redirect(url_for("requests.list", group_id=group_id))


def _shared(session: Session, request_id: int, *, to_change: bool = False) -> Request:
    found = the_request(session, request_id, to_change=to_change)
    if not service.is_shared(found):
        abort(404)
    return found
