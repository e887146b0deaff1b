"""GET /groups/<group>/rota/fill-week: one tap a hole puts a whole week together."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from flask import abort, flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from helpline import rota_edits
from helpline.names import alphabetical
from helpline.rota_edits import CannotEdit, Edit
from helpline.rota_views import candidates, weeks
from helpline.rota_views.candidates import Candidate
from helpline.rota_views.weeks import Entry
from helpline.spreadsheets import naming
from helpline.spreadsheets.naming import NoSuchPerson
from helpline.web import previews, rota_words, wording
from helpline.web.access import Role, group, open_to
from helpline.web.house import house, now
from helpline.web.rota_door import EditForm, ask_or_save, rota, week_in, week_words
from helpline.web.rota_holes import filling, hole_in, hole_key
from helpline.when.spans import Span
from helpline.when.wall_clock import instant

# Everybody is a tap away in a group of this size; in a bigger one, the best of them.
EVERYBODY: Final = 24
BEST: Final = 8


@dataclass(frozen=True, slots=True)
class ToFill:
    """A hole, who is offered for it, and what was chosen or typed."""

    key: str
    when: str
    offered: tuple[Candidate, ...]
    chosen: str = ""
    typed: str = ""
    mistake: str = ""


@rota.get("/groups/<int:group_id>/rota/fill-week")
@open_to(Role.COORDINATOR)
def fill_week(group_id: int) -> ResponseReturnValue:
    """Every hole of a week, with people to tap."""
    monday = week_in(request.args.get("week"))
    return _page(monday, EditForm(formdata=None, data={"week": week_words(monday)}))


@rota.post("/groups/<int:group_id>/rota/fill-week")
@open_to(Role.COORDINATOR)
def fill_all(group_id: int) -> ResponseReturnValue:
    """Everybody who was chosen is on, all of them or none."""
    form = EditForm()
    if not form.validate():
        abort(400)
    edits, mistakes = _edits()
    if mistakes:
        return _page(week_in(form.week.data), form, mistakes), 422
    if not edits:
        flash(gettext("Nobody was chosen yet: tap a name for each hole you can fill."), "warning")
        return _page(week_in(form.week.data), form), 422
    try:
        return ask_or_save(edits, form)
    except CannotEdit as problem:
        flash(previews.cannot(problem), "warning")
        return _page(week_in(form.week.data), form), 409


def _edits() -> tuple[list[Edit], Mapping[str, str]]:
    """What was chosen for each hole; and by its key, what is wrong with what was typed."""
    edits: list[Edit] = []
    mistakes: dict[str, str] = {}
    with house().database.reading() as reading:
        names = naming.names_in(reading, group().id)
    for field, said in request.form.items():
        kind, _, key = field.partition(".")
        if kind == "who" and said.isascii() and said.isdigit() and len(said) < 10:
            if not (request.form.get(f"else.{key}") or "").strip():
                edits.append(filling(hole_in(key), int(said)))
        elif kind == "else" and said.strip():
            for who in names.read(said[:200]):
                if isinstance(who, NoSuchPerson):
                    mistakes[key] = gettext(
                        "There is nobody called “%(name)s” here.", name=who.said
                    )
                else:
                    edits.append(filling(hole_in(key), who))
    return edits, mistakes


def _page(monday: date, form: EditForm, mistakes: Mapping[str, str] | None = None) -> str:
    with house().database.reading() as reading:
        found = weeks.week(reading, house().rules, group(), monday, now())
        holes = found.holes
        spans = [_span(each) for each in holes]
        listed = candidates.candidates(reading, group(), spans, now())
        everybody = rota_edits.names_of_members(reading, group().id)
    form.seen.data = form.seen.data or found.seen
    many = len(everybody) > EVERYBODY
    return render_template(
        "rota/fill_week.html",
        to_fill=[
            _to_fill(hole, people, mistakes or {})
            for hole, people in zip(holes, _dealt(listed) if many else listed, strict=True)
        ],
        first=rota_words.say_date(monday),
        names=sorted(everybody.values(), key=alphabetical) if many else (),
        say_concern=rota_words.say_concern,
        form=form,
    )


def _dealt(listed: Sequence[Sequence[Candidate]]) -> list[list[Candidate]]:
    """The best of them for each hole; among equals, whoever was offered least for those before.

    Otherwise a big group on an empty week has the same few of it offered for every hole.
    """
    offered: Counter[int] = Counter()
    found = []
    for people in listed:
        best = sorted(
            people, key=lambda each: (bool(each.concerns), each.lately, offered[each.volunteer_id])
        )[:BEST]
        offered.update(each.volunteer_id for each in best)
        found.append(best)
    return found


def _to_fill(hole: Entry, people: Sequence[Candidate], mistakes: Mapping[str, str]) -> ToFill:
    key = hole_key(hole)
    return ToFill(
        key,
        rota_words.say_shift(hole.starts, hole.ends),
        tuple(sorted(people, key=lambda each: alphabetical(each.name))),
        request.form.get(f"who.{key}", ""),
        request.form.get(f"else.{key}", ""),
        mistakes.get(key, ""),
    )


def _span(hole: Entry) -> Span:
    return Span(*(instant(each, wording.zone()) for each in (hole.starts, hole.ends)))
