"""GET /groups/<group>/people/new: somebody joins, written down by a coordinator."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from helpline.people import joining
from helpline.people.joining import AlreadyHere, Joined, NameTaken, NumberOfALine
from helpline.web.access import Role, asker, open_to
from helpline.web.house import house, now
from helpline.web.people_forms import NewPersonForm

people_joining = Blueprint("people_joining", __name__)


@people_joining.route("/groups/<int:group_id>/people/new", methods=["GET", "POST"])
@open_to(Role.COORDINATOR)
def add(group_id: int) -> ResponseReturnValue:
    """Write somebody down; the same form twice has written them down once."""
    form = NewPersonForm()
    here: AlreadyHere | None = None
    if form.validate_on_submit():
        try:
            with house().database.unit_of_work() as writing:
                joined = joining.add(
                    writing,
                    house().rules,
                    group_id,
                    form.details,
                    form.number.e164,
                    asker().volunteer_id,
                    now(),
                )
        except AlreadyHere as error:
            if error.name == form.details.name:
                flash(gettext("%(name)s belongs to the group.", name=error.name))
                return _to(group_id, error.volunteer_id)
            here = error
            form.number.errors = [gettext("%(name)s has this number already.", name=error.name)]
        except NumberOfALine:
            form.number.errors = [gettext("That is the line itself; write their own number.")]
        except NameTaken:
            form.name.errors = [
                gettext("Somebody of the group is called that; add a surname, or a street.")
            ]
        else:
            flash(_welcome(joined))
            return _to(group_id, joined.volunteer_id)
    status = 422 if form.is_submitted() else 200
    return render_template("people/new.html", form=form, here=here), status


def _to(group_id: int, volunteer_id: int) -> ResponseReturnValue:
    return redirect(url_for("people.show", group_id=group_id, volunteer_id=volunteer_id))


def _welcome(joined: Joined) -> str:
    if joined.was_known:
        said = gettext(
            "This number is %(name)s's, who volunteers elsewhere; now they belong here too.",
            name=joined.name,
        )
    else:
        said = gettext("%(name)s belongs to the group now.", name=joined.name)
    if joined.awaits_induction:
        said += " " + gettext("They are rung when the induction is done.")
    return str(said)
