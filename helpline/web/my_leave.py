"""GET /me/leave: somebody says when they are away, and sees first which shifts that opens."""

from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from wtforms import DateField
from wtforms.validators import InputRequired, ValidationError

from helpline.rota_edits import LONGEST_LEAVE, CannotEdit, own_edits
from helpline.rota_views import own_rota
from helpline.rules import HOME_ZONE
from helpline.signing_in.visits import GroupOf
from helpline.web import previews
from helpline.web.access import Role, asker, open_to
from helpline.web.forms import OnceForm
from helpline.web.house import house, now

my_leave = Blueprint("my_leave", __name__)

# Every shift that a leave opens is named: in a year, two a day.
_ALL: Final = 800


class LeaveForm(OnceForm):
    """The first and the last day away."""

    first = DateField(lazy_gettext("First day away"), [InputRequired(lazy_gettext("Say which."))])
    last = DateField(lazy_gettext("Last day away"), [InputRequired(lazy_gettext("Say which."))])

    def validate_last(self, field: DateField) -> None:
        """Not over, not before the first, nor more than a year after it."""
        if not self.first.data or not field.data:
            return
        if field.data < self.first.data:
            raise ValidationError(gettext("This is before the first day."))
        if field.data < _today():
            raise ValidationError(gettext("This is over."))
        if field.data - self.first.data > LONGEST_LEAVE:
            raise ValidationError(gettext("A year is the most that can be said at once."))

    @property
    def days(self) -> tuple[date, date]:
        """Both days, once they are known to be right."""
        return self.first.data, self.last.data


@my_leave.get("/me/leave")
@open_to(Role.VOLUNTEER)
def show() -> ResponseReturnValue:
    """The leaves that are to come, and a form for another."""
    return _page(LeaveForm(formdata=None))


@my_leave.post("/me/leave")
@open_to(Role.VOLUNTEER)
def look() -> ResponseReturnValue:
    """To every shift that the leave would open, at an address of its own: Back works there."""
    form = LeaveForm()
    if not form.validate():
        return _page(form), 422
    first, last = form.days
    return redirect(url_for("my_leave.preview", first=first, last=last, once=form.once.data), 303)


@my_leave.get("/me/leave/look")
@open_to(Role.VOLUNTEER)
def preview() -> ResponseReturnValue:
    """Every shift that the leave would open. Nothing is changed yet."""
    form = LeaveForm(request.args, meta={"csrf": False})
    if not form.validate():
        return _page(LeaveForm(request.args)), 422
    try:
        return _preview(LeaveForm(request.args))
    except CannotEdit as problem:
        form.last.errors = [previews.cannot(problem)]
        return _page(form), 422


@my_leave.post("/me/leave/save")
@open_to(Role.VOLUNTEER)
def save() -> ResponseReturnValue:
    """They are away, and off every shift of these days."""
    form = LeaveForm()
    if not form.validate():
        return _page(form), 422
    who, once = asker().volunteer_id, form.once.data
    try:
        with house().database.unit_of_work() as writing:
            own_edits.take_leave(writing, who, _groups(), form.days, now(), once)
    except CannotEdit as problem:
        form.last.errors = [previews.cannot(problem)]
        return _page(form), 422
    flash(gettext("It is written down that you are away. Have a good time."))
    return redirect(url_for("mine.home"))


@my_leave.post("/me/leave/end")
@open_to(Role.VOLUNTEER)
def end() -> ResponseReturnValue:
    """They are here after all."""
    form = LeaveForm()
    if not (form.first.data and form.last.data):
        abort(400)
    try:
        with house().database.unit_of_work() as writing:
            own_edits.end_leave(writing, asker().volunteer_id, _groups(), form.days, now())
    except CannotEdit as problem:
        flash(previews.cannot(problem), "warning")
    else:
        flash(gettext("You are here on those days. You are back on no shift by that: take some."))
    return redirect(url_for("my_leave.show"))


def _preview(form: LeaveForm) -> ResponseReturnValue:
    with house().database.reading() as reading:
        found = list(
            own_edits.preview_leave(
                reading, house().rules, asker().volunteer_id, _groups(), form.days, now()
            )
        )
    said = [
        (group.name, previews.say(preview, group.id, ZoneInfo(group.timezone), most=_ALL))
        for group, preview in found
        if preview.people
    ]
    return render_template("mine/leave_preview.html", said=said, form=form)


def _page(form: LeaveForm) -> str:
    with house().database.reading() as reading:
        leaves = own_rota.leaves_of(reading, asker().volunteer_id, now())
    return render_template("mine/leave.html", form=form, leaves=leaves)


def _groups() -> list[GroupOf]:
    return list(asker().groups.values())


def _today() -> date:
    zone = next((group.timezone for group in _groups()), HOME_ZONE)
    return now().astimezone(ZoneInfo(zone)).date()
