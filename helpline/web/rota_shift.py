"""GET /groups/<group>/rota/shifts/<shift>: one shift, who is on and why, and all there is to do."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import abort, render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext
from sqlalchemy.orm import Session
from wtforms import DateField, IntegerField, TimeField
from wtforms.validators import InputRequired

from helpline import rota_edits, shifts
from helpline.names import alphabetical
from helpline.rota import PatternShift, Shift
from helpline.rota_edits import (
    AddShift,
    CancelShift,
    CannotEdit,
    Edit,
    MoveShift,
    Replace,
    TakeOff,
)
from helpline.rota_views import candidates
from helpline.web import previews, rota_words
from helpline.web.access import Role, group, open_to
from helpline.web.house import house, now
from helpline.web.rota_door import (
    EditForm,
    ask_or_save,
    newest,
    of_choice,
    rota,
    save_or_say,
    shift_in,
    today,
    week_words,
)
from helpline.when.spans import Span

_NEEDED = InputRequired(lazy_gettext("Say which."))


class OffForm(EditForm):
    """Somebody is not on."""

    volunteer = IntegerField(validators=[InputRequired()])


class ReplaceForm(EditForm):
    """Somebody is on in place of another."""

    old = IntegerField(validators=[InputRequired()])
    new = IntegerField(validators=[InputRequired()])


class WhenForm(EditForm):
    """On which date, and from when until when."""

    on = DateField(lazy_gettext("Date"), [_NEEDED])
    start = TimeField(lazy_gettext("From"), [_NEEDED])
    end = TimeField(lazy_gettext("Until"), [_NEEDED])


@dataclass(frozen=True, slots=True)
class Place:
    """Somebody on the shift: in whose place they are, and whether they are rung."""

    volunteer_id: int
    name: str
    in_place_of: str
    is_rung: bool


@rota.get("/groups/<int:group_id>/rota/shifts/<key>")
@open_to(Role.COORDINATOR)
def shift(group_id: int, key: str) -> ResponseReturnValue:
    """All about one shift."""
    return _page(key)


@rota.post("/groups/<int:group_id>/rota/shifts/<key>/take-off")
@open_to(Role.COORDINATOR)
def take_off(group_id: int, key: str) -> ResponseReturnValue:
    """Somebody is not on."""
    form = OffForm()
    if not form.validate():
        abort(400)
    edit = TakeOff(shift_in(key), form.volunteer.data)
    return save_or_say([edit], of_choice(form, form.volunteer.data))


@rota.post("/groups/<int:group_id>/rota/shifts/<key>/replace")
@open_to(Role.COORDINATOR)
def replace(group_id: int, key: str) -> ResponseReturnValue:
    """Somebody is on in place of another."""
    form = ReplaceForm()
    if not form.validate():
        abort(400)
    edit = Replace(shift_in(key), form.old.data, form.new.data)
    return save_or_say([edit], of_choice(form, form.old.data, form.new.data))


@rota.post("/groups/<int:group_id>/rota/shifts/<key>/cancel")
@open_to(Role.COORDINATOR)
def cancel(group_id: int, key: str) -> ResponseReturnValue:
    """The shift does not happen."""
    form = EditForm()
    if not form.validate():
        abort(400)
    return save_or_say([CancelShift(shift_in(key))], form)


@rota.post("/groups/<int:group_id>/rota/shifts/<key>/move")
@open_to(Role.COORDINATOR)
def move(group_id: int, key: str) -> ResponseReturnValue:
    """The shift is at another time."""
    form = WhenForm()
    if not form.validate():
        return _page(key, form), 422
    edit = MoveShift(shift_in(key), form.on.data, form.start.data, form.end.data)
    return _at(edit, form, lambda: _page(key, form))


@rota.get("/groups/<int:group_id>/rota/add")
@open_to(Role.COORDINATOR)
def add(group_id: int) -> ResponseReturnValue:
    """A form for one more shift."""
    return _add_page(WhenForm(formdata=None, data={"on": today(), "seen": newest()}))


@rota.post("/groups/<int:group_id>/rota/add")
@open_to(Role.COORDINATOR)
def add_one(group_id: int) -> ResponseReturnValue:
    """One more shift, which nobody is on yet."""
    form = WhenForm()
    if not form.validate():
        return _add_page(form), 422
    form.week.data = week_words(form.on.data)
    # It is meant to be a hole until somebody is found.
    form.sure.data = "yes"
    edit = AddShift(form.on.data, form.start.data, form.end.data)
    return _at(edit, form, lambda: _add_page(form))


def _at(edit: Edit, form: WhenForm, page: Callable[[], ResponseReturnValue]) -> ResponseReturnValue:
    """Save it, or say beside the date why it cannot be then."""
    try:
        return ask_or_save([edit], form)
    except CannotEdit as problem:
        form.on.errors = [previews.cannot(problem)]
        return page(), 422  # type: ignore[return-value]


def _add_page(form: WhenForm) -> str:
    return render_template("rota/add.html", form=form)


def _page(key: str, moving: WhenForm | None = None) -> str:
    name = shift_in(key)
    with house().database.reading() as reading:
        found = rota_edits.shifts_named(reading, group(), [name], now()).get(name)
        if found is None:
            abort(404)
        [others] = candidates.candidates(reading, group(), [Span(found.starts, found.ends)], now())
        people = _places(reading, found)
        pattern = _pattern(reading, found)
        known = {
            "seen": rota_edits.newest(reading, group().id),
            "week": week_words(found.wall.starts.date()),
        }
    when = {
        "on": found.wall.starts.date(),
        "start": found.wall.starts.time(),
        "end": found.wall.ends.time(),
    }
    return render_template(
        "rota/shift.html",
        key=key,
        shift=rota_words.say_shift(found.wall.starts, found.wall.ends),
        moved=found.wall.moved,
        pattern=pattern,
        people=people,
        others=others,
        say_concern=rota_words.say_concern,
        is_over=found.ends <= now(),
        has_begun=found.starts < now(),
        form=EditForm(formdata=None, data=known),
        moving=moving or WhenForm(formdata=None, data={**known, **when}),
    )


def _places(reading: Session, found: Shift) -> list[Place]:
    ids = {who for each in found.places for who in (each.volunteer, *each.in_place_of)}
    people = rota_edits.standings(reading, group().id, ids)
    places = [
        Place(
            each.volunteer,
            people[each.volunteer].name,
            people[each.in_place_of[-1]].name if each.in_place_of else "",
            people[each.volunteer].covers(found) is not None,
        )
        for each in found.places
    ]
    return sorted(places, key=lambda each: alphabetical(each.name))


def _pattern(reading: Session, found: Shift) -> tuple[int, str] | None:
    """The pattern that the shift comes from, by id and in words; None where it was added."""
    if not isinstance(found.name, PatternShift):
        return None
    pattern, _ = shifts.patterns_named(reading, [found.name.pattern_id])[found.name.pattern_id]
    return pattern.id, rota_words.say_pattern(pattern.days, pattern.start, pattern.end)
