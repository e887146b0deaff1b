"""GET /me: when somebody is on, what they may take, and what they have taken on."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session
from wtforms import HiddenField

from helpline import rota_edits
from helpline.rota_edits import CannotEdit, Edit, Saved, own_edits, swaps
from helpline.rota_edits.saving import saved_once
from helpline.rota_views import own_rota
from helpline.rota_views.own_rota import name_of
from helpline.stories import own_requests
from helpline.web import previews
from helpline.web.access import Role, asker, group, open_to
from helpline.web.forms import OnceForm
from helpline.web.house import house, now
from helpline.web.previews import Said

mine = Blueprint("mine", __name__)

# As many as are seen at once, and as are read through.
_SOON, _SHOWN = 4, 12


class TakeForm(OnceForm):
    """Taking something, with one tap. `sure` once somebody has read what there is to know."""

    sure = HiddenField()
    key = HiddenField()


@mine.get("/me")
@open_to(Role.VOLUNTEER)
def home() -> ResponseReturnValue:
    """Everything of somebody's own, in all their groups."""
    who, groups = asker().volunteer_id, list(asker().groups.values())
    with house().database.reading() as reading:
        found = own_rota.look(reading, house().rules, who, groups, now())
        held = own_requests.held_by(reading, who)
    return render_template(
        "mine/home.html",
        found=found,
        held=held,
        soon=None if request.args.get("all") else _SOON,
        shown=_SHOWN,
        several=len(groups) > 1,
        zones={each.id: ZoneInfo(each.timezone) for each in groups},
        choices=house().rules.config.requests,
        key_of=own_rota.key_of,
        taken=_slip(),
        form=TakeForm(formdata=None),
    )


def _slip() -> tuple[int, int] | None:
    """The group and the edit of what was taken a moment ago, for it to be undone."""
    group_id, edit_id = request.args.get("group", type=int), request.args.get("taken", type=int)
    return (group_id, edit_id) if group_id in asker().groups and group_id and edit_id else None


@mine.post("/groups/<int:group_id>/open-shifts/take")
@open_to(Role.VOLUNTEER)
def take_open(group_id: int) -> ResponseReturnValue:
    """Be on an open shift; asks first where there is something to know."""
    form, rules, who = _sent(), house().rules, asker().volunteer_id
    key = form.key.data or ""

    def edit(reading: Session) -> Edit:
        opened = own_rota.open_shifts(reading, rules, who, group(), now())
        return own_rota.open_shift(opened, key).edit

    def save(writing: Session) -> Saved:
        return own_edits.take(writing, rules, who, group(), key, now(), form.once.data)

    return _take(form, edit, save)


@mine.post("/groups/<int:group_id>/swaps/<int:swap_id>/take")
@open_to(Role.VOLUNTEER)
def take_swap(group_id: int, swap_id: int) -> ResponseReturnValue:
    """Be on a shift in place of whoever asks for it."""
    form, who = _sent(), asker().volunteer_id

    def edit(reading: Session) -> Edit:
        return swaps.edit_to_take(swaps.open_swaps(reading, group(), now()), swap_id, who)

    def save(writing: Session) -> Saved:
        return swaps.take(writing, group(), swap_id, who, now(), form.once.data)

    return _take(form, edit, save)


@mine.post("/groups/<int:group_id>/open-shifts/undo/<int:edit_id>")
@open_to(Role.VOLUNTEER)
def undo(group_id: int, edit_id: int) -> ResponseReturnValue:
    """Be off again a shift that was taken by a slip of the thumb."""
    try:
        with house().database.unit_of_work() as writing:
            own_edits.undo_slip(writing, group(), edit_id, asker().volunteer_id, now())
    except rota_edits.UndoneAlready:
        pass
    except CannotEdit:
        flash(
            gettext("That cannot be undone here any more. Ask for somebody to take it."), "warning"
        )
        return _home()
    flash(gettext("Undone: you are not on that shift."))
    return _home()


@mine.post("/groups/<int:group_id>/swaps")
@open_to(Role.VOLUNTEER)
def ask_swap(group_id: int) -> ResponseReturnValue:
    """Ask for somebody to take a shift of theirs; they are on until somebody does."""
    form = _sent()
    try:
        shift = name_of(form.key.data or "")
    except ValueError:
        abort(400)
    try:
        with house().database.unit_of_work() as writing:
            swaps.ask(writing, group(), shift, asker().volunteer_id, now())
    except CannotEdit as problem:
        flash(_cannot(problem), "warning")
    else:
        flash(
            gettext("Everybody in the group sees that you ask. You are on until somebody takes it.")
        )
    return _home()


@mine.post("/groups/<int:group_id>/swaps/<int:swap_id>/withdraw")
@open_to(Role.VOLUNTEER)
def withdraw_swap(group_id: int, swap_id: int) -> ResponseReturnValue:
    """Keep a shift after all."""
    try:
        with house().database.unit_of_work() as writing:
            swaps.withdraw(writing, group(), swap_id, asker().volunteer_id, now())
    except CannotEdit:
        flash(gettext("Somebody has taken it already."), "warning")
    else:
        flash(gettext("You keep your shift; nobody is asked any more."))
    return _home()


def _take(
    form: TakeForm, edit: Callable[[Session], Edit], save: Callable[[Session], Saved]
) -> ResponseReturnValue:
    try:
        if not form.sure.data:
            said = _to_know(form, edit)
            if said is not None:
                form.sure.data = "yes"
                return render_template("mine/sure.html", said=said, form=form)
        with house().database.unit_of_work() as writing:
            saved = save(writing)
    except CannotEdit as problem:
        flash(_cannot(problem), "warning")
        return _home()
    flash(gettext("Thank you. You are on."))
    return redirect(url_for("mine.home", group=group().id, taken=saved.id))


def _to_know(form: TakeForm, edit: Callable[[Session], Edit]) -> Said | None:
    """What somebody ought to know before they take a shift; None where there is nothing."""
    with house().database.reading() as reading:
        if saved_once(reading, group().id, form.once.data):
            return None
        wanted = [edit(reading)]
        found = rota_edits.preview(reading, house().rules, group(), wanted, now())
    if not found.warnings:
        return None
    return previews.say(found, group().id, ZoneInfo(group().timezone))


def _sent() -> TakeForm:
    form = TakeForm()
    if not form.validate():
        abort(400)
    return form


def _home() -> ResponseReturnValue:
    return redirect(url_for("mine.home"))


def _cannot(problem: CannotEdit) -> str:
    if isinstance(problem, own_rota.TakenMeanwhile | swaps.NotAsked):
        return str(gettext("Somebody was quicker: it is taken. Thank you all the same."))
    return previews.cannot(problem)
