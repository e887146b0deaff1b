"""What the rota's pages share: their addresses, and how a form becomes an edit, with one effect."""

from collections.abc import Sequence
from datetime import date
from itertools import islice
from typing import Final
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import HiddenField, IntegerField
from wtforms.validators import Optional
from wtforms.widgets import HiddenInput

from helpline import rota_edits
from helpline.rota import ShiftName
from helpline.rota_edits import (
    CannotEdit,
    ChangedMeanwhile,
    ChangePattern,
    Edit,
    NewPattern,
    Preview,
    Since,
)
from helpline.rota_edits.saving import clashing, described, saved_once
from helpline.rota_views import weeks
from helpline.rota_views.own_rota import name_of
from helpline.web import previews, rota_words, wording
from helpline.web.access import asker, group
from helpline.web.edits_in_addresses import LONGEST, address_of, edits_of_address
from helpline.web.forms import OnceForm
from helpline.web.house import house, now
from helpline.when.recurrence import dates_of
from helpline.when.wall_clock import furthest_reading

rota = Blueprint("rota", __name__)

_DATES: Final = 5


class EditForm(OnceForm):
    """What every form that edits the rota carries.

    `seen`: the newest edit when it was shown. `week`: where it leads back to. `sure`: what there is
    to know was read. `go_on`: what others did meanwhile was read.
    """

    seen = IntegerField(widget=HiddenInput(), validators=[Optional()])
    week = HiddenField()
    sure = HiddenField()
    go_on = HiddenField()


class SureForm(EditForm):
    """Edits that are shown once more before they are saved."""

    edits = HiddenField()


def today() -> date:
    """By the clock of the page's group."""
    return furthest_reading(now(), wording.zone()).date()


def week_in(said: str | None) -> date:
    """The Monday of "2026-W10"; this week's where nothing is said. 404 where there is no rota."""
    if not said:
        return weeks.monday_of(today())
    try:
        monday = date.fromisoformat(f"{said}-1")
    except ValueError:
        abort(404)
    if len(said) != len("2026-W10") or not weeks.is_shown(monday, today()):
        abort(404)
    return monday


def week_words(day: date) -> str:
    """The week of a day as addresses carry it: "2026-W10"."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


def shift_in(key: str) -> ShiftName:
    """The shift of an address. 404 where it is none."""
    try:
        return name_of(key)
    except ValueError:
        abort(404)


def newest() -> int:
    """The newest edit of the page's group, for a form that is shown."""
    with house().database.reading() as reading:
        return rota_edits.newest(reading, group().id)


def sent() -> EditForm:
    """The form that was sent. 400 where its hidden fields are none of ours."""
    form = EditForm()
    if not form.validate():
        abort(400)
    return form


def of_choice(form: EditForm, *chosen: int) -> EditForm:
    """The same form for this choice: who goes back and chooses another means another effect."""
    form.once.data = "-".join((str(form.once.data)[:32], *map(str, chosen)))
    return form


def ask_or_save(
    edits: Sequence[Edit], form: EditForm, *, always: bool = False
) -> ResponseReturnValue:
    """Save edits, or show first what there is to know, or what others have done meanwhile.

    `always` shows them first even where there is nothing to know. Raises CannotEdit.
    """
    with house().database.reading() as reading:
        before = saved_once(reading, group().id, form.once.data)
    if before is not None:
        return back(form, before.id, edits)
    asked = _ask(edits, form, always=always)
    if asked is not None:
        return asked
    try:
        with house().database.unit_of_work() as writing:
            saved = rota_edits.save(
                writing,
                group(),
                edits,
                by=asker().volunteer_id,
                at=now(),
                seen=form.seen.data,
                once=form.once.data,
                go_on=bool(form.go_on.data),
            )
    except ChangedMeanwhile as changed:
        return _show_meanwhile(edits, form, changed.since)
    return back(form, saved.id, edits)


def look_again() -> ResponseReturnValue:
    """The page that the address of `_looked_at` leads to; once saved, it leads to the rota."""
    known = {name: request.args.get(name, "") for name in ("once", "week", "sure", "go_on")}
    form = EditForm(formdata=None, data={**known, "seen": request.args.get("seen", type=int)})
    edits = edits_of_address()
    theirs = _meanwhile(form, edits)
    with house().database.reading() as reading:
        before = saved_once(reading, group().id, form.once.data)
    if before is not None:
        return back(form, before.id, edits)
    try:
        if theirs:
            return _show_meanwhile(edits, form, theirs)
        return _show_first(edits, form, _previewed(edits))
    except CannotEdit as problem:
        flash(previews.cannot(problem), "warning")
        return back(form)


def _ask(edits: Sequence[Edit], form: EditForm, *, always: bool) -> ResponseReturnValue | None:
    """What is to be read before edits are saved; None where there is nothing, or it was read."""
    theirs = _meanwhile(form, edits)
    if theirs:
        return _show_meanwhile(edits, form, theirs)
    if form.sure.data:
        return None
    found = _previewed(edits)
    return _show_first(edits, form, found) if always or not found.is_harmless else None


def _previewed(edits: Sequence[Edit]) -> Preview:
    with house().database.reading() as reading:
        return rota_edits.preview(reading, house().rules, group(), edits, now())


def _looked_at(edits: Sequence[Edit], form: EditForm) -> ResponseReturnValue | None:
    """Away from the form that was sent, so that Back does not send it again.

    None where we are there, or the edits are too many for an address.
    """
    if request.method == "GET":
        return None
    known = {name: form[name].data for name in ("once", "seen", "week", "sure", "go_on")}
    address = address_of("rota.look", edits, group_id=group().id, **known)
    return None if address is None else redirect(address, 303)


def save_or_say(edits: Sequence[Edit], form: EditForm) -> ResponseReturnValue:
    """As `ask_or_save`; why edits cannot be made is said on the page that they came from."""
    try:
        return ask_or_save(edits, form)
    except CannotEdit as problem:
        flash(previews.cannot(problem), "warning")
        return back(form)


def _meanwhile(form: EditForm, edits: Sequence[Edit]) -> list[Since]:
    if form.go_on.data or form.seen.data is None:
        return []
    with house().database.reading() as reading:
        return clashing(reading, group().id, edits, form.seen.data)


def _show_first(edits: Sequence[Edit], form: EditForm, found: Preview) -> ResponseReturnValue:
    looked_at = _looked_at(edits, form)
    if looked_at is not None:
        return looked_at
    return render_template(
        "rota/sure.html",
        said=previews.say(found, group().id, ZoneInfo(group().timezone)),
        dates=_next_dates(edits),
        form=_again(edits, form, sure="yes"),
        week=form.week.data,
    )


def _next_dates(edits: Sequence[Edit]) -> list[date]:
    """The next dates of a pattern that is new or changed: so many tell if words were understood."""
    for edit in edits:
        if isinstance(edit, NewPattern | ChangePattern):
            first = edit.starts_on if isinstance(edit, NewPattern) else edit.from_date
            return list(islice(dates_of(edit.days, first, edit.ends_on, today()), _DATES))
    return []


def _show_meanwhile(
    edits: Sequence[Edit], form: EditForm, theirs: Sequence[Since]
) -> ResponseReturnValue:
    looked_at = _looked_at(edits, form)
    if looked_at is not None:
        return looked_at
    with house().database.reading() as reading:
        yours = described(reading, group(), edits, now())
        past = rota_edits.history(reading, group().id, now(), before=theirs[-1].id + 1)
        people = {who for each in yours for who in rota_edits.people_of(each.edit)}
        names = {**past.names, **rota_edits.names_of_members(reading, group().id, people)}
    meant = {each.id for each in theirs}
    return (
        render_template(
            "rota/meanwhile.html",
            theirs=[
                (each, rota_words.say_past(each, names), names.get(each.made_by_id or 0))
                for each in reversed(past.edits)
                if each.id in meant
            ],
            yours=[rota_words.say_did(each, names) for each in yours],
            form=_again(edits, form, sure=form.sure.data or "", go_on="yes"),
            week=form.week.data,
        ),
        409,
    )


def _again(edits: Sequence[Edit], form: EditForm, **more: str) -> SureForm:
    """The same form once more, with the edits in it."""
    known = {name: form[name].data for name in ("once", "seen", "week", "go_on")}
    return SureForm(formdata=None, data={**known, "edits": rota_edits.dump_edits(edits), **more})


def edits_in(form: SureForm) -> tuple[Edit, ...]:
    """The edits that a form carries. 400 where they are none."""
    said = form.edits.data or ""
    if len(said) > LONGEST:
        abort(400)
    try:
        return rota_edits.load_edits(said)
    except ValueError:
        abort(400)


def back(
    form: EditForm, saved: int | None = None, edits: Sequence[Edit] = ()
) -> ResponseReturnValue:
    """To the week that a form came from, or the first that changes: what was saved is said there.

    With the button that undoes it.
    """
    week = form.week.data or None
    if week is not None:
        week_in(week)
    elif edits:
        week = first_week(edits)
    return redirect(url_for("rota.week", group_id=group().id, week=week, saved=saved))


def first_week(edits: Sequence[Edit]) -> str | None:
    """The first week that edits bear on, as addresses carry it; None where no rota reaches it."""
    with house().database.reading() as reading:
        first = rota_edits.first_day(reading, group().id, edits, now())
    return week_words(first) if weeks.is_shown(weeks.monday_of(first), today()) else None
