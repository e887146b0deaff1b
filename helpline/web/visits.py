"""GET /me/visits: where somebody is signed in, and how to end it."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from helpline.signing_in import visits as service
from helpline.web.access import Role, asker, open_to
from helpline.web.forms import Form
from helpline.web.house import house, now

visits = Blueprint("visits", __name__)


@visits.get("/me/visits")
@open_to(Role.VOLUNTEER)
def show() -> ResponseReturnValue:
    """Every browser they are signed in with."""
    with house().database.reading() as reading:
        found = service.open_of(reading, asker().volunteer_id, now())
    return render_template("visits/show.html", visits=found, this_one=asker().visit_id, form=Form())


@visits.post("/me/visits/<int:visit_id>/end")
@open_to(Role.VOLUNTEER)
def end(visit_id: int) -> ResponseReturnValue:
    """Sign one of their browsers out."""
    with house().database.unit_of_work() as writing:
        service.end(writing, visit_id, asker().volunteer_id, now())
    flash(gettext("That browser is signed out."))
    return redirect(url_for("visits.show"))


@visits.post("/me/visits/end-others")
@open_to(Role.VOLUNTEER)
def end_others() -> ResponseReturnValue:
    """Sign every browser of theirs out but this one."""
    with house().database.unit_of_work() as writing:
        service.end_others(writing, asker().visit_id, asker().volunteer_id, now())
    flash(gettext("Every other browser is signed out."))
    return redirect(url_for("visits.show"))
