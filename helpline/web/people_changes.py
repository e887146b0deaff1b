"""What a coordinator changes about somebody, each thing once, however often its form is sent.

Writing the same details, ticking a step, pausing until one day, leaving: the second time changes
nothing, so these forms need no word by which they are known again.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from helpline.people import changes as service
from helpline.people import induction, leaving, membership
from helpline.people import members as reading_people
from helpline.people.changes import BelongsElsewhere, ChangedMeanwhile, NumberTaken
from helpline.people.induction import NoSuchStep, TooLate
from helpline.people.joining import Details, NameTaken, NumberOfALine
from helpline.people.members import Person
from helpline.people.membership import LastCoordinator, NotAMember
from helpline.web.access import Role, asker, group, open_to
from helpline.web.forms import Form
from helpline.web.house import house, now
from helpline.web.people import page_of
from helpline.web.people_forms import DetailsForm, NumberForm, PauseForm
from helpline.web.sure import asks_again
from helpline.web.wording import day, zone

people_changes = Blueprint("people_changes", __name__)

_PERSON = "/groups/<int:group_id>/people/<int:volunteer_id>"


@people_changes.route(f"{_PERSON}/edit", methods=["GET", "POST"])
@open_to(Role.COORDINATOR)
def edit(group_id: int, volunteer_id: int) -> ResponseReturnValue:
    """Who they are, and what they can do."""
    person = _person(group_id, volunteer_id)
    shown = _details(person)
    form = DetailsForm(shown)
    if not form.is_submitted():
        form.seen.data = service.mark_of(shown)
        return _edit_page(person, form)
    if not form.validate():
        return _edit_page(person, form), 422
    try:
        with _writing() as writing:
            service.change_details(
                writing,
                group_id,
                volunteer_id,
                form.details,
                form.seen.data,
                asker().volunteer_id,
                now(),
            )
    except NameTaken:
        form.name.errors = [
            gettext("Somebody of the group is called that; add a surname, or a street.")
        ]
        return _edit_page(person, form), 422
    except BelongsElsewhere:
        form.name.errors = [
            gettext("Another group knows them by their name too, so it stays as it is.")
        ]
        return _edit_page(person, form), 422
    except ChangedMeanwhile as meanwhile:
        form.seen.data = service.mark_of(meanwhile.now)
        return _edit_page(person, form, meanwhile.now), 409
    flash(gettext("It is written down."))
    return _to(group_id, volunteer_id)


@people_changes.post(f"{_PERSON}/change-number")
@open_to(Role.COORDINATOR)
@asks_again
def change_number(group_id: int, volunteer_id: int) -> ResponseReturnValue:
    """They have another telephone."""
    form = NumberForm()
    if form.validate():
        try:
            with _writing() as writing:
                service.change_number(
                    writing,
                    house().rules,
                    group_id,
                    volunteer_id,
                    form.number.e164,
                    asker().volunteer_id,
                    now(),
                )
        except NumberTaken:
            form.number.errors = [gettext("Somebody else has this number.")]
        except NumberOfALine:
            form.number.errors = [gettext("That is the line itself; write their own number.")]
        except BelongsElsewhere:
            form.number.errors = [
                gettext("Another group rings them on their number too, so it stays as it is.")
            ]
        else:
            flash(gettext("That is their number now. They sign in anew."))
            return _to(group_id, volunteer_id)
    person = _person(group_id, volunteer_id)
    details = DetailsForm(_details(person), formdata=None)
    details.seen.data = service.mark_of(_details(person))
    return _edit_page(person, details, number_form=form), 422


@people_changes.post(f"{_PERSON}/induction")
@open_to(Role.COORDINATOR)
def induct(group_id: int, volunteer_id: int) -> ResponseReturnValue:
    """A step is done (`done` is "yes"), or was ticked by mistake."""
    step, by = request.form.get("step", ""), asker().volunteer_id
    with _writing() as writing:
        try:
            if request.form.get("done") == "yes":
                is_last = induction.tick(
                    writing, house().rules, group_id, volunteer_id, step, by, now()
                )
                if is_last:
                    flash(gettext("That was the last step: they are rung from now on."))
            else:
                induction.untick(writing, house().rules, group_id, volunteer_id, step, by, now())
        except NoSuchStep:
            abort(400)
        except TooLate:
            flash(gettext("It was ticked more than a day ago, and stays ticked."), "warning")
    return _to(group_id, volunteer_id, "induction")


@people_changes.post(f"{_PERSON}/pause")
@open_to(Role.COORDINATOR)
def pause(group_id: int, volunteer_id: int) -> ResponseReturnValue:
    """Not rung until a day."""
    form = PauseForm()
    if not form.validate():
        return page_of(group_id, volunteer_id, pause_form=form), 422
    with _writing() as writing:
        until, by = form.until.data, asker().volunteer_id
        membership.pause(writing, group_id, volunteer_id, until, zone(), by, now())
    flash(gettext("They are rung again from %(day)s on.", day=day(until)))
    return _to(group_id, volunteer_id)


@people_changes.post(f"{_PERSON}/pause/end")
@open_to(Role.COORDINATOR)
def end_pause(group_id: int, volunteer_id: int) -> ResponseReturnValue:
    """Rung again at once."""
    with _writing() as writing:
        membership.end_pause(writing, group_id, volunteer_id, asker().volunteer_id, now())
    flash(gettext("The pause is over."))
    return _to(group_id, volunteer_id)


@people_changes.post(f"{_PERSON}/coordinator")
@open_to(Role.COORDINATOR)
@asks_again
def coordinate(group_id: int, volunteer_id: int) -> ResponseReturnValue:
    """They run the group (`runs` is "yes"), or no longer."""
    by = asker().volunteer_id
    try:
        with _writing() as writing:
            if request.form.get("runs") == "yes":
                membership.make_coordinator(writing, group_id, volunteer_id, by, now())
                flash(gettext("They run the group now, too."))
            else:
                membership.no_coordinator(writing, group_id, volunteer_id, by, now())
                flash(gettext("They are a volunteer like the others now."))
    except LastCoordinator:
        flash(_nobody_else(), "warning")
    if volunteer_id == by and request.form.get("runs") != "yes":
        # This page may not be theirs any more.
        return redirect(url_for("groups.choose"))
    return _to(group_id, volunteer_id)


@people_changes.route(f"{_PERSON}/remove", methods=["GET", "POST"])
@open_to(Role.COORDINATOR)
def remove(group_id: int, volunteer_id: int) -> ResponseReturnValue:
    """They leave the group; what that opens up is named first."""
    form = Form()
    if form.validate_on_submit():
        return _leave(group_id, volunteer_id)
    with house().database.reading() as reading:
        try:
            found = leaving.what_it_opens(reading, house().rules, group(), volunteer_id, now())
        except NotAMember:
            abort(404)
        except LastCoordinator:
            flash(_nobody_else(), "warning")
            return _to(group_id, volunteer_id)
    return render_template("people/remove.html", form=form, found=found, volunteer_id=volunteer_id)


def _leave(group_id: int, volunteer_id: int) -> ResponseReturnValue:
    by = asker().volunteer_id
    with _writing() as writing:
        try:
            if not leaving.has_left(writing, group_id, volunteer_id):
                name = membership.name_of(writing, group_id, volunteer_id)
                free = leaving.leave(writing, group(), volunteer_id, by, now())
                flash(gettext("%(name)s has left the group.", name=name))
                if free:
                    codes = ", ".join(code for _, code in free)
                    flash(gettext("Nobody has these requests now: %(codes)s.", codes=codes))
        except LastCoordinator:
            flash(_nobody_else(), "warning")
            return _to(group_id, volunteer_id)
    return redirect(url_for("people.list", group_id=group_id))


@people_changes.post(f"{_PERSON}/visits/<int:visit_id>/end")
@open_to(Role.COORDINATOR)
def end_visit(group_id: int, volunteer_id: int, visit_id: int) -> ResponseReturnValue:
    """Sign one of their browsers out."""
    with _writing() as writing:
        service.end_visit(writing, group_id, volunteer_id, visit_id, asker().volunteer_id, now())
    flash(gettext("That browser is signed out."))
    return _to(group_id, volunteer_id)


@contextmanager
def _writing() -> Iterator[Session]:
    """A unit of work in which whoever does not belong to the group is not found."""
    with house().database.unit_of_work() as writing:
        try:
            yield writing
        except NotAMember:
            abort(404)


def _person(group_id: int, volunteer_id: int) -> Person:
    with house().database.reading() as reading:
        try:
            return reading_people.one(
                reading, house().rules, group_id, group().timezone, volunteer_id, now()
            )
        except NotAMember:
            abort(404)


def _details(person: Person) -> Details:
    return Details(person.member.name, person.member.languages, person.area, person.can_do)


def _edit_page(
    person: Person,
    form: DetailsForm,
    meanwhile: Details | None = None,
    number_form: NumberForm | None = None,
) -> str:
    return render_template(
        "people/edit.html",
        person=person,
        form=form,
        meanwhile=meanwhile,
        number_form=number_form or NumberForm(formdata=None),
    )


def _to(group_id: int, volunteer_id: int, place: str | None = None) -> ResponseReturnValue:
    return redirect(
        url_for("people.show", group_id=group_id, volunteer_id=volunteer_id, _anchor=place)
    )


def _nobody_else() -> str:
    return str(gettext("Nobody else runs the group. Make somebody else a coordinator first."))
