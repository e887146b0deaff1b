"""GET /groups/<group>/rota/leave and /rota/holidays: who is away, and when the line is closed."""

from datetime import timedelta

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from wtforms import DateField, IntegerField, SelectField, StringField
from wtforms.validators import InputRequired, Length, ValidationError

from helpline import rota_edits
from helpline.names import alphabetical
from helpline.rota_edits import (
    LONGEST_LEAVE,
    LONGEST_NAME,
    CannotEdit,
    CloseDay,
    EndLeave,
    OpenDay,
    TakeLeave,
)
from helpline.rota_edits.reading import days
from helpline.web import previews, rota_words
from helpline.web.access import Role, group, open_to
from helpline.web.forms import one_line
from helpline.web.house import house
from helpline.web.people_forms import row_id
from helpline.web.rota_door import (
    EditForm,
    ask_or_save,
    newest,
    of_choice,
    rota,
    save_or_say,
    today,
)
from helpline.when import holidays as service

_NEEDED = InputRequired(lazy_gettext("Say which."))


class LeaveForm(EditForm):
    """Who is away, and both days."""

    volunteer = SelectField(lazy_gettext("Who"), coerce=int)
    first = DateField(lazy_gettext("First day away"), [_NEEDED])
    last = DateField(lazy_gettext("Last day away"), [_NEEDED])

    def validate_last(self, field: DateField) -> None:
        """Not over, not before the first, nor more than a year after it."""
        if not self.first.data or not field.data:
            return
        if field.data < self.first.data:
            raise ValidationError(gettext("This is before the first day."))
        if field.data < today():
            raise ValidationError(gettext("This is over."))
        if field.data - self.first.data > LONGEST_LEAVE:
            raise ValidationError(gettext("A year is the most that can be said at once."))


class BackForm(EditForm):
    """A leave that is no more."""

    volunteer = IntegerField(validators=[InputRequired()])
    first = DateField(validators=[InputRequired()])
    last = DateField(validators=[InputRequired()])


class CloseForm(EditForm):
    """A day on which the line is closed."""

    on = DateField(lazy_gettext("Date"), [_NEEDED])
    name = StringField(
        lazy_gettext("What day it is"),
        [
            InputRequired(lazy_gettext("Give it a name, such as Christmas Day.")),
            Length(max=LONGEST_NAME),
        ],
        filters=[one_line],
    )

    def validate_on(self, field: DateField) -> None:
        """To come, within the year that the rota is shown for."""
        if field.data and field.data < today():
            raise ValidationError(gettext("This is over."))
        if field.data and field.data > today() + timedelta(days=2 * 366):
            raise ValidationError(gettext("That is more than two years ahead."))


class OpenForm(EditForm):
    """A day on which the line is open after all."""

    on = DateField(validators=[InputRequired()])


@rota.get("/groups/<int:group_id>/rota/leave")
@open_to(Role.COORDINATOR)
def leave(group_id: int) -> ResponseReturnValue:
    """Who is away, and a form for more."""
    asked = row_id(request.args.get("volunteer_id", ""))
    return _leave_page(LeaveForm(formdata=None, data={"seen": newest(), "volunteer": asked}))


@rota.post("/groups/<int:group_id>/rota/leave")
@open_to(Role.COORDINATOR)
def take_leave(group_id: int) -> ResponseReturnValue:
    """Somebody is away: every shift that this opens is shown first."""
    form = LeaveForm()
    form.volunteer.choices = _people()
    if not form.validate():
        return _leave_page(form), 422
    edit = TakeLeave(form.volunteer.data, form.first.data, form.last.data)
    try:
        return ask_or_save([edit], form)
    except CannotEdit as problem:
        form.first.errors = [previews.cannot(problem)]
        return _leave_page(form), 422


@rota.post("/groups/<int:group_id>/rota/leave/end")
@open_to(Role.COORDINATOR)
def end_leave(group_id: int) -> ResponseReturnValue:
    """Somebody is here after all; that puts them on no shift."""
    form = BackForm()
    if not form.validate():
        abort(400)
    edit = EndLeave(form.volunteer.data, form.first.data, form.last.data)
    return save_or_say([edit], of_choice(form, form.volunteer.data, form.first.data.toordinal()))


@rota.get("/groups/<int:group_id>/rota/holidays")
@open_to(Role.COORDINATOR)
def holidays(group_id: int) -> ResponseReturnValue:
    """When the line is closed, and a form for more."""
    return _holidays_page(CloseForm(formdata=None, data={"seen": newest()}))


@rota.post("/groups/<int:group_id>/rota/holidays")
@open_to(Role.COORDINATOR)
def close(group_id: int) -> ResponseReturnValue:
    """The line is closed on a day."""
    form = CloseForm()
    if not form.validate():
        return _holidays_page(form), 422
    try:
        return ask_or_save([CloseDay(form.on.data, form.name.data)], form)
    except CannotEdit as problem:
        form.on.errors = [previews.cannot(problem)]
        return _holidays_page(form), 422


@rota.post("/groups/<int:group_id>/rota/holidays/open")
@open_to(Role.COORDINATOR)
def open_day(group_id: int) -> ResponseReturnValue:
    """The line is open on a day after all."""
    form = OpenForm()
    if not form.validate():
        abort(400)
    return save_or_say([OpenDay(form.on.data)], of_choice(form, form.on.data.toordinal()))


def _people() -> list[tuple[int, str]]:
    with house().database.reading() as reading:
        found = rota_edits.names_of_members(reading, group().id)
    return sorted(found.items(), key=lambda each: alphabetical(each[1]))


def _leave_page(form: LeaveForm) -> str:
    form.volunteer.choices = people = _people()
    names = dict(people)
    with house().database.reading() as reading:
        known = days(reading, group().id, today())
    leaves = sorted(
        (first, last, names[who], who)
        for who, spans in known.leaves.items()
        for first, last in spans
    )
    return render_template(
        "rota/leave.html",
        form=form,
        leaves=leaves,
        say_span=rota_words.say_span,
        slip=EditForm(formdata=None, data={"seen": form.seen.data}),
    )


def _holidays_page(form: CloseForm) -> str:
    with house().database.reading() as reading:
        own = service.of_group(reading, group().id, today())
    shared = house().rules.hours(group().timezone).holidays
    return render_template(
        "rota/holidays.html",
        form=form,
        own=sorted(own.items()),
        shared=sorted((on, name) for on, name in shared.items() if on >= today()),
        slip=EditForm(formdata=None, data={"seen": form.seen.data}),
    )
