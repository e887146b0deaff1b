"""GET /groups/<group>/people: who belongs to the group, how they are, and all about one of them."""

from collections.abc import Callable, Sequence
from typing import Final

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from helpline.people import changes, joining
from helpline.people import members as service
from helpline.people.joining import FromOffer, NoSuchOffer, NumberWithheld
from helpline.people.members import Member, Person
from helpline.people.membership import NotAMember
from helpline.phone_numbers import national
from helpline.privacy import erasures
from helpline.signing_in import visits
from helpline.web.access import Role, asker, group, open_to
from helpline.web.forms import Form
from helpline.web.house import house, now
from helpline.web.people_forms import PauseForm
from helpline.web.wording import language

people = Blueprint("people", __name__)

A_PAGE: Final = 50
STATES: Final[dict[str, tuple[object, Callable[[Member], bool]]]] = {
    "": (lazy_gettext("Everybody"), lambda _: True),
    "on": (lazy_gettext("On shift now"), lambda member: member.on_shift),
    "new": (lazy_gettext("Not inducted yet"), lambda member: member.awaits_induction),
    "not-rung": (lazy_gettext("Not rung at present"), lambda member: not member.is_rung),
    "coordinators": (lazy_gettext("Coordinators"), lambda member: member.coordinator),
}


@people.get("/groups/<int:group_id>/people", endpoint="list")
@open_to(Role.COORDINATOR)
def everybody(group_id: int) -> str:
    """Everybody of the group, by name."""
    state, wanted = request.args.get("state", ""), request.args.get("find", "").strip()[:80]
    state = state if state in STATES else ""
    with house().database.reading() as reading:
        members = service.of_group(reading, house().rules, group_id, group().timezone, now())
    _, is_in_state = STATES[state]
    found = [
        member
        for member in members
        if is_in_state(member) and wanted.casefold() in member.name.casefold()
    ]
    page = max(request.args.get("page", 1, type=int), 1)
    return render_template(
        "people/list.html",
        members=found[(page - 1) * A_PAGE : page * A_PAGE],
        found=len(found),
        everybody=len(members),
        page=page,
        pages=-(-len(found) // A_PAGE),
        state=state,
        wanted=wanted,
        states_to_choose=[(key, words) for key, (words, _) in STATES.items()],
        language_names=_language_names(),
    )


@people.get("/groups/<int:group_id>/people/<int:volunteer_id>")
@open_to(Role.COORDINATOR)
def show(group_id: int, volunteer_id: int) -> str:
    """All about one of them; their number masked."""
    return page_of(group_id, volunteer_id)


@people.post("/groups/<int:group_id>/people/<int:volunteer_id>/number")
@open_to(Role.COORDINATOR)
def show_number(group_id: int, volunteer_id: int) -> str:
    """The same page with their number, this once, on record."""
    with house().database.unit_of_work() as writing:
        try:
            number = changes.show_number(
                writing, group_id, volunteer_id, asker().volunteer_id, now()
            )
        except NotAMember:
            abort(404)
    return page_of(group_id, volunteer_id, shown=number)


@people.post("/groups/<int:group_id>/people/from-offer/<int:request_id>")
@open_to(Role.COORDINATOR)
def from_offer(group_id: int, request_id: int) -> ResponseReturnValue:
    """Whoever made this offer joins, and the offer is done."""
    try:
        with house().database.unit_of_work() as writing:
            found = joining.from_offer(
                writing,
                house().rules,
                group_id,
                request_id,
                gettext("New volunteer"),
                asker().volunteer_id,
                now(),
            )
    except NoSuchOffer:
        abort(404)
    except NumberWithheld:
        flash(
            gettext("They hid their number. Ask them for it, and write them down here."), "warning"
        )
        return redirect(url_for("people_joining.add", group_id=group_id))
    flash(_welcome_by_offer(found))
    return redirect(
        url_for("people_changes.edit", group_id=group_id, volunteer_id=found.joined.volunteer_id)
    )


def page_of(
    group_id: int,
    volunteer_id: int,
    *,
    shown: str | None = None,
    pause_form: PauseForm | None = None,
) -> str:
    """The page about somebody; with the number `shown` (E.164), and a form that was filled in."""
    rules = house().rules
    with house().database.reading() as reading:
        try:
            person = service.one(reading, rules, group_id, group().timezone, volunteer_id, now())
        except NotAMember:
            abort(404)
        browsers = visits.open_of(reading, volunteer_id, now())
        erased_on = erasures.due_of_volunteer(reading, volunteer_id, group_id)
    return render_template(
        "people/show.html",
        person=person,
        member=person.member,
        shown=national(shown) if shown else None,
        dialled=shown,
        speaks=spoken_by(person.member),
        can_do=_can_do(person),
        step_words=rules.config.induction,
        browsers=browsers,
        erased_on=erased_on,
        own_visit=asker().visit_id,
        form=Form(),
        pause_form=pause_form or PauseForm(),
        words_in=language(),
    )


def spoken_by(member: Member) -> str:
    """The names of the languages somebody speaks."""
    names = _language_names()
    return ", ".join(names.get(key, key) for key in member.languages)


def _language_names() -> dict[str, str]:
    return {each.key: each.name for each in house().rules.config.languages}


def _can_do(person: Person) -> Sequence[str]:
    words = house().rules.config.requests
    return [words.category(key, language()) for key in person.can_do]


def _welcome_by_offer(found: FromOffer) -> str:
    if found.joined.was_known:
        said = gettext("This offer is %(name)s's, who is a volunteer.", name=found.joined.name)
    else:
        said = gettext("Whoever offered is a volunteer now. What are they called?")
    if not found.is_closed:
        said += " " + gettext("The offer stays open: they are still owed a call.")
    return str(said)
