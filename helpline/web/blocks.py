"""GET /groups/<group>/blocks: which callers are turned away, why and until when."""

from datetime import datetime, time, timedelta

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from wtforms import DateField, Field, StringField, ValidationError
from wtforms.validators import DataRequired, Length

from helpline import blocks as service
from helpline.blocks import NoSuchRequest
from helpline.phone_numbers import NotAPhoneNumber, mask, parse
from helpline.web.access import Role, asker, open_to
from helpline.web.forms import Form, one_line
from helpline.web.house import house, now
from helpline.web.people_forms import row_id, today_here
from helpline.web.wording import day, zone
from helpline.when.wall_clock import instant

blocks = Blueprint("blocks", __name__)

_DAY = timedelta(days=1)
# Whoever is turned away is thought of again within the year.
_LONGEST = timedelta(days=366)


class NumberedForm(Form):
    """Whose number is turned away, why, and until when."""

    number = StringField(
        lazy_gettext("Their number"),
        [DataRequired(lazy_gettext("Please write their number.")), Length(max=40)],
        render_kw={"inputmode": "tel", "autocomplete": "off"},
    )
    reason = StringField(
        lazy_gettext("Why"),
        [DataRequired(lazy_gettext("Please say why, for whoever wonders later.")), Length(max=200)],
        filters=[one_line],
        render_kw={"autocomplete": "off"},
    )
    until = DateField(
        lazy_gettext("Until"), [DataRequired(lazy_gettext("Please choose a day; it has an end."))]
    )

    def validate_number(self, field: Field) -> None:
        """A telephone's number, as people write it."""
        try:
            parse(field.data)
        except NotAPhoneNumber:
            raise ValidationError(
                gettext("That is not a telephone number; write one such as 07700 900123.")
            ) from None

    def validate_until(self, field: Field) -> None:
        """From today on, and within a year."""
        if field.data is not None and not today_here() <= field.data <= today_here() + _LONGEST:
            raise ValidationError(gettext("Please choose a day from today on, within a year."))

    @property
    def ends(self) -> datetime:
        """The end of that day by the clock of the group (UTC)."""
        return instant(datetime.combine(self.until.data + _DAY, time()), zone())


class BlockForm(NumberedForm):
    """The same for the caller of a request, whose number is known."""

    number = None


@blocks.get("/groups/<int:group_id>/blocks", endpoint="list")
@open_to(Role.COORDINATOR)
def everybody(group_id: int) -> str:
    """Who is turned away now."""
    with house().database.reading() as reading:
        found = service.of_group(reading, group_id, now())
    return render_template(
        "blocks/list.html", blocked=found, form=Form(), a_minute=timedelta(minutes=1)
    )


@blocks.route("/groups/<int:group_id>/blocks/new", methods=["GET", "POST"])
@open_to(Role.COORDINATOR)
def add(group_id: int) -> ResponseReturnValue:
    """Turn somebody away: the caller of `request`, or whoever has the number that is written."""
    request_id = row_id(request.args.get("request", ""))
    number = _caller_of(group_id, request_id) if request_id is not None else None
    form = NumberedForm() if number is None else BlockForm()
    if not form.validate_on_submit():
        status = 422 if form.is_submitted() else 200
        page = render_template("blocks/new.html", form=form, caller=number and mask(number))
        return page, status
    turned_away = number or parse(form.number.data).e164
    with house().database.unit_of_work() as writing:
        service.turn_away(
            writing,
            turned_away,
            form.reason.data,
            form.ends,
            now(),
            group_id=group_id,
            by_id=asker().volunteer_id,
        )
    said = gettext(
        "%(caller)s is turned away until the end of %(day)s.",
        caller=mask(turned_away),
        day=day(form.until.data),
    )
    flash(said)
    return redirect(url_for("blocks.list", group_id=group_id))


@blocks.post("/groups/<int:group_id>/blocks/<int:block_id>/end")
@open_to(Role.COORDINATOR)
def end(group_id: int, block_id: int) -> ResponseReturnValue:
    """Let somebody through again; pressed twice, they are let through once."""
    with house().database.unit_of_work() as writing:
        service.end(writing, group_id, block_id, asker().volunteer_id, now())
    flash(gettext("They are put through again."))
    return redirect(url_for("blocks.list", group_id=group_id))


def _caller_of(group_id: int, request_id: int) -> str:
    with house().database.reading() as reading:
        try:
            return service.number_of(reading, group_id, request_id)
        except NoSuchRequest:
            abort(404)
