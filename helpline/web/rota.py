"""GET /groups/<group>/rota: a week of the rota and its holes, each filled in two taps."""

from datetime import date, timedelta

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import IntegerField
from wtforms.validators import InputRequired

from helpline import rota_edits
from helpline.names import alphabetical
from helpline.rota_edits import CannotEdit, LaterEdits
from helpline.rota_views import candidates, weeks
from helpline.web import rota_words, wording
from helpline.web.access import Role, asker, group, is_coordinator, open_to
from helpline.web.house import house, now
from helpline.web.rota_done import done_lately, stand_on_it
from helpline.web.rota_door import (
    EditForm,
    SureForm,
    back,
    edits_in,
    look_again,
    newest,
    of_choice,
    rota,
    save_or_say,
    sent,
    today,
    week_in,
    week_words,
)
from helpline.web.rota_drag import DragForm
from helpline.web.rota_history import cannot_undo
from helpline.web.rota_holes import filling, hole_in, hole_key
from helpline.when.spans import Span
from helpline.when.wall_clock import instant

_WEEK = timedelta(days=7)
# Of those who are free, so many are shown before the others are asked for.
SUGGESTED = 12


class PersonForm(EditForm):
    """Somebody is chosen, by the button that is pressed."""

    volunteer = IntegerField(validators=[InputRequired()])


@rota.get("/groups/<int:group_id>/rota")
@open_to(Role.VOLUNTEER)
def week(group_id: int) -> ResponseReturnValue:
    """A week, for everybody in the group."""
    day = request.args.get("day", type=date.fromisoformat)
    if day is not None:
        monday = weeks.monday_of(day)
        return redirect(url_for("rota.week", group_id=group_id, week=week_words(monday)))
    monday = week_in(request.args.get("week"))
    with house().database.reading() as reading:
        found = weeks.week(reading, house().rules, group(), monday, now())
    near = {"before": monday - _WEEK, "after": monday + _WEEK}
    return render_template(
        "rota/week.html",
        week=found,
        this_week=week_words(monday),
        near={
            name: week_words(each) for name, each in near.items() if weeks.is_shown(each, today())
        },
        is_now=weeks.monday_of(today()) == monday,
        key_of=hole_key,
        say_times=rota_words.say_times,
        say_date=rota_words.say_date,
        done=done_lately() if is_coordinator() else None,
        form=EditForm(formdata=None, data={"week": week_words(monday)}),
        drag=DragForm(formdata=None, data={"week": week_words(monday), "seen": found.seen}),
    )


@rota.get("/groups/<int:group_id>/rota/fill/<key>")
@open_to(Role.COORDINATOR)
def fill_shift(group_id: int, key: str) -> ResponseReturnValue:
    """Who could be on: everybody is a button, the best first."""
    hole = hole_in(key)
    span = Span(*(instant(each, wording.zone()) for each in (hole.starts, hole.ends)))
    with house().database.reading() as reading:
        [listed] = candidates.candidates(reading, group(), [span], now())
        on_it = candidates.not_rung_on(reading, group(), hole.volunteers, span)
    free = [each for each in listed if not each.concerns]
    known = {"seen": newest(), "week": week_words(hole.starts.date())}
    return render_template(
        "rota/fill.html",
        shift=rota_words.say_shift(hole.starts, hole.ends),
        shift_key=key if hole.name is not None else None,
        on_it=on_it,
        is_over=span.ends <= now(),
        suggested=free[:SUGGESTED],
        others=sorted(free[SUGGESTED:], key=lambda each: alphabetical(each.name)),
        not_so_well=[each for each in listed if each.concerns],
        say_concern=rota_words.say_concern,
        form=PersonForm(formdata=None, data=known),
        knowing=PersonForm(formdata=None, data={**known, "sure": "yes"}),
    )


@rota.post("/groups/<int:group_id>/rota/fill/<key>")
@open_to(Role.COORDINATOR)
def fill(group_id: int, key: str) -> ResponseReturnValue:
    """Put somebody on, at once; whoever has something beside their name is chosen knowing it."""
    form = PersonForm()
    if not form.validate():
        abort(400)
    edit = filling(hole_in(key), form.volunteer.data)
    return save_or_say([edit], of_choice(form, form.volunteer.data))


@rota.get("/groups/<int:group_id>/rota/look")
@open_to(Role.COORDINATOR)
def look(group_id: int) -> ResponseReturnValue:
    """What edits would change, before they are saved."""
    return look_again()


@rota.post("/groups/<int:group_id>/rota/save")
@open_to(Role.COORDINATOR)
def save(group_id: int) -> ResponseReturnValue:
    """Save edits that were shown once more."""
    form = SureForm()
    if not form.validate():
        abort(400)
    return save_or_say(edits_in(form), form)


@rota.post("/groups/<int:group_id>/rota/undo/<int:edit_id>")
@open_to(Role.COORDINATOR)
def undo(group_id: int, edit_id: int) -> ResponseReturnValue:
    """Take an edit back, or say what stands on it."""
    form = sent()
    try:
        with house().database.unit_of_work() as writing:
            by, once = asker().volunteer_id, form.once.data
            saved = rota_edits.undo(writing, group(), edit_id, by=by, at=now(), once=once)
    except LaterEdits as later:
        return stand_on_it(edit_id, later.since)
    except CannotEdit as problem:
        flash(cannot_undo(problem), "warning")
        return redirect(url_for("rota.history", group_id=group_id))
    return back(form, saved.id)
