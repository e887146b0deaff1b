"""GET /groups/<group>/rota/where: where would a call go, at any moment, and why."""

from datetime import datetime
from typing import Final

from flask import render_template, request
from flask_babel import lazy_gettext
from wtforms import DateField, TimeField
from wtforms.validators import InputRequired

from helpline.rota import PatternShift, Rota, Shift
from helpline.rota_views import holes, where_calls_go
from helpline.rota_views.where_calls_go import Rung, WhyNot
from helpline.web import rota_words, wording
from helpline.web.access import Role, group, open_to
from helpline.web.forms import Form
from helpline.web.house import house, now
from helpline.web.rota_door import rota
from helpline.web.rota_holes import Hole, hole_key
from helpline.when.wall_clock import furthest_reading, instant

_NEEDED: Final = InputRequired(lazy_gettext("Say which."))
_WHY_NOT: Final = {
    WhyNot.DISABLED: lazy_gettext("is not a volunteer any more"),
    WhyNot.OPTED_OUT: lazy_gettext("said STOP"),
    WhyNot.AWAITS_INDUCTION: lazy_gettext("is not rung before the induction is done"),
    WhyNot.PAUSED: lazy_gettext("pauses"),
    WhyNot.NOT_ALLOWED: lazy_gettext("has a number abroad, or one that costs extra"),
    WhyNot.BUSY: lazy_gettext("is on one of our calls just now"),
}


class MomentForm(Form):
    """A moment, by the clock of the group."""

    class Meta:
        """Nothing is changed by asking, so that an address can be kept."""

        csrf = False

    on = DateField(lazy_gettext("Date"), [_NEEDED])
    at = TimeField(lazy_gettext("Time"), [_NEEDED])


@rota.get("/groups/<int:group_id>/rota/where")
@open_to(Role.COORDINATOR)
def where(group_id: int) -> tuple[str, int]:
    """Whom a call would ring now, or at the moment that is asked for."""
    here = furthest_reading(now(), wording.zone())
    form = MomentForm(request.args if request.args else None)
    if not request.args:
        form.on.data, form.at.data = here.date(), here.time()
    asked = not request.args or form.validate()
    at = now()
    if request.args and asked:
        at = instant(datetime.combine(form.on.data, form.at.data), wording.zone())
    with house().database.reading() as reading:
        route = where_calls_go.route(reading, house().rules, group(), at, now())
    page = render_template(
        "rota/where.html",
        form=form,
        route=route,
        at=at,
        rung=[(each, _why(route.rota, each)) for each in route.rung],
        passed_over=[(each, _WHY_NOT[each.why_not]) for each in route.passed_over if each.why_not],
        holes=[_hole(each) for each in route.nobody],
    )
    return page, 200 if asked else 422


def _why(resolved: Rota, rung: Rung) -> str:
    return "; ".join(_why_one(resolved, each.shift) for each in rung.why)


def _why_one(resolved: Rota, shift: Shift) -> str:
    """The pattern, or the one shift where it was added or moved."""
    name = shift.name
    if isinstance(name, PatternShift) and not shift.wall.moved:
        pattern = next(each for each in resolved.patterns if each.id == name.pattern_id)
        return rota_words.say_pattern(pattern.days, pattern.start, pattern.end)
    return rota_words.say_shift(shift.wall.starts, shift.wall.ends)


def _hole(found: holes.Hole) -> tuple[str, str]:
    """A hole's key, and when it is."""
    starts, ends = (furthest_reading(each, wording.zone()) for each in (found.starts, found.ends))
    hole = Hole(starts, ends, found.shift.name if found.shift else None)
    return hole_key(hole), rota_words.say_shift(starts, ends)
