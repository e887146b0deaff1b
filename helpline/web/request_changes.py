"""POST /groups/<group>/requests/<request>/…: the next thing to do about a request, done."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from sqlalchemy.orm import Session

from helpline import notes
from helpline import request_changes as service
from helpline.hours import ends_at
from helpline.models import Outcome
from helpline.request_changes import By, CallbackOwed, ChangedMeanwhile, NotOfThisLine, TooEarly
from helpline.request_states import State
from helpline.requests import NoCodeFree
from helpline.stories import sheets
from helpline.texting import by_hand
from helpline.texting.by_hand import CannotBeTexted, TooLong
from helpline.web.access import Role, asker, group, is_coordinator, open_to
from helpline.web.house import house, now
from helpline.web.opening import the_request
from helpline.web.request_forms import NOBODY, form_named
from helpline.web.request_pages import Sent, choose_words, page
from helpline.web.wording import moment, zone
from helpline.when.wall_clock import instant

request_changes = Blueprint("request_changes", __name__)

# As many digits as an id has; more are no id of ours.
_LONGEST_ID: Final = 10
_AT: Final = "/groups/<int:group_id>/requests/<int:request_id>"


@dataclass(frozen=True)
class _Change:
    """One change while it is made."""

    session: Session
    request_id: int
    by: By
    form: Any


def _change(
    request_id: int, name: str, make: Callable[[_Change], object], said: str, to_list: bool = False
) -> ResponseReturnValue:
    """Do what the form of this name asks for, once; and say so, there or in the list."""
    form = form_named(name)
    with house().database.reading() as reading:
        choose_words(name, form, the_request(reading, request_id))
    if not form.validate():
        return page(request_id, Sent(name, form), 422)
    try:
        with house().database.unit_of_work() as writing:
            the_request(writing, request_id)
            make(_Change(writing, request_id, form.by(asker().volunteer_id, now()), form))
    except ChangedMeanwhile:
        return page(request_id, Sent(name, form, changed_meanwhile=True), 409)
    except NoCodeFree:
        flash(gettext("Every code of the line is in use. Please close what is done first."))
        return redirect(url_for("requests.show", group_id=group().id, request_id=request_id))
    except tuple(_MISTAKES) as mistake:
        where, words = _MISTAKES[type(mistake)]
        form[where].errors = [*form[where].errors, words]
        return page(request_id, Sent(name, form), 422)
    flash(said)
    if to_list:
        return redirect(url_for("requests.list", group_id=group().id))
    return redirect(url_for("requests.show", group_id=group().id, request_id=request_id))


# What a change may be refused for: the field beside which it is said, and how.
_MISTAKES: Final[dict[type[Exception], tuple[str, Any]]] = {
    CallbackOwed: (
        "drops_callback",
        lazy_gettext("We promised to ring them. Ring them first, or tick this."),
    ),
    NotOfThisLine: ("to", lazy_gettext("Choose one from the list.")),
    TooEarly: ("due", lazy_gettext("That has passed. Choose a later time.")),
    CannotBeTexted: ("words", lazy_gettext("They cannot be texted. Please ring them.")),
    TooLong: ("words", lazy_gettext("That is too long for a text. Please shorten it.")),
}


@request_changes.post(f"{_AT}/take")
@open_to(Role.COORDINATOR)
def take(group_id: int, request_id: int) -> ResponseReturnValue:
    """Have the request from now on."""

    def make(change: _Change) -> None:
        service.take(change.session, house().rules, request_id, change.by)

    return _change(request_id, "take", make, gettext("You have it now."))


@request_changes.post(f"{_AT}/hand")
@open_to(Role.COORDINATOR)
def hand(group_id: int, request_id: int) -> ResponseReturnValue:
    """Hand it to somebody, or to nobody."""

    def make(change: _Change) -> None:
        to = change.form.to.data or ""
        if to != NOBODY and not (to.isdecimal() and len(to) < _LONGEST_ID):
            raise NotOfThisLine
        volunteer_id = None if to == NOBODY else int(to)
        service.hand_to(change.session, house().rules, request_id, change.by, volunteer_id)

    return _change(request_id, "hand", make, gettext("It is handed over."))


@request_changes.post(f"{_AT}/describe")
@open_to(Role.COORDINATOR)
def describe(group_id: int, request_id: int) -> ResponseReturnValue:
    """Say what it is about, and how soon it is needed."""

    def make(change: _Change) -> None:
        category, urgency = change.form.category.data, change.form.urgency.data
        service.describe(change.session, request_id, change.by, category or None, urgency or None)

    return _change(request_id, "describe", make, gettext("That is written down."))


@request_changes.post(f"{_AT}/due")
@open_to(Role.COORDINATOR)
def due(group_id: int, request_id: int) -> ResponseReturnValue:
    """Say by when it ought to be done."""

    def make(change: _Change) -> None:
        wall = change.form.due.data
        due_at = instant(wall, zone()) if wall is not None else None
        service.set_due(change.session, request_id, change.by, due_at)

    return _change(request_id, "due", make, gettext("That is written down."))


@request_changes.post(f"{_AT}/note")
@open_to(Role.VOLUNTEER)
def note(group_id: int, request_id: int) -> ResponseReturnValue:
    """Write a note."""

    def make(change: _Change) -> None:
        by, words = change.by, change.form.words.data
        notes.add(change.session, request_id, by.volunteer_id, words, by.once, by.at)

    return _change(request_id, "note", make, gettext("The note is written."))


@request_changes.post(f"{_AT}/text")
@open_to(Role.VOLUNTEER)
def text(group_id: int, request_id: int) -> ResponseReturnValue:
    """Text the caller from the line."""

    def make(change: _Change) -> None:
        by, words = change.by, change.form.words.data
        by_hand.send(
            change.session,
            house().rules,
            request_id,
            by.volunteer_id,
            words,
            by.once,
            zone(),
            by.at,
        )

    goes_at = ends_at(house().rules.quiet, zone(), now())
    if goes_at > now():
        said = gettext(
            "Your text goes out %(when)s, so that it wakes nobody.", when=moment(goes_at)
        )
    else:
        said = gettext("Your text is on its way.")
    return _change(request_id, "text", make, said)


@request_changes.post(f"{_AT}/done")
@open_to(Role.VOLUNTEER)
def done(group_id: int, request_id: int) -> ResponseReturnValue:
    """It is done."""
    return _close(request_id, "done", State.DONE, gettext("It is done. Thank you."))


@request_changes.post(f"{_AT}/not-met")
@open_to(Role.COORDINATOR)
def not_met(group_id: int, request_id: int) -> ResponseReturnValue:
    """It could not be met."""
    return _close(request_id, "not_met", State.NOT_MET, gettext("It is closed, and counted."))


@request_changes.post(f"{_AT}/withdraw")
@open_to(Role.COORDINATOR)
def withdraw(group_id: int, request_id: int) -> ResponseReturnValue:
    """It is not needed any more."""
    return _close(request_id, "withdraw", State.WITHDRAWN, gettext("It is closed."))


def _close(request_id: int, name: str, ending: State, said: str) -> ResponseReturnValue:
    def make(change: _Change) -> None:
        session, by, form = change.session, change.by, change.form
        reason = form.reason.data if ending is State.NOT_MET else None
        drops = form.drops_callback.data
        service.close(session, request_id, by, ending, reason=reason, drops_callback=drops)
        if ending is State.NOT_MET and form.words.data:
            notes.add(session, request_id, by.volunteer_id, form.words.data, by.once, by.at)

    return _change(request_id, name, make, said)


@request_changes.post(f"{_AT}/say")
@open_to(Role.VOLUNTEER)
def say(group_id: int, request_id: int) -> ResponseReturnValue:
    """Say how it went, where it is not done."""
    hands_back = form_named("say").outcome.data == Outcome.SOMEONE_ELSE

    def make(change: _Change) -> None:
        outcome = Outcome(change.form.outcome.data)
        service.say(change.session, house().rules, request_id, change.by, outcome)

    said = gettext("Thank you for saying. That is written down.")
    # Whoever hands it back sees it no more.
    return _change(request_id, "say", make, said, to_list=hands_back and not is_coordinator())


@request_changes.post(f"{_AT}/other-group")
@open_to(Role.COORDINATOR)
def other_group(group_id: int, request_id: int) -> ResponseReturnValue:
    """Hand it to another group of the line, whose coordinators are told."""

    def make(change: _Change) -> None:
        to = change.form.to.data
        service.hand_to_group(change.session, house().rules, request_id, change.by, to)

    said = gettext("It is handed to that group, and its coordinators are told.")
    return _change(request_id, "other_group", make, said, to_list=True)


@request_changes.post(f"{_AT}/open-again")
@open_to(Role.COORDINATOR)
def open_again(group_id: int, request_id: int) -> ResponseReturnValue:
    """Help is needed after all."""

    def make(change: _Change) -> None:
        service.open_again(change.session, request_id, change.by)

    return _change(request_id, "open_again", make, gettext("It is open again."))


@request_changes.post(f"{_AT}/ring-back")
@open_to(Role.COORDINATOR)
def ring_back(group_id: int, request_id: int) -> ResponseReturnValue:
    """Whoever is on shift is to ring them back."""

    def make(change: _Change) -> None:
        timezone = group().timezone
        service.ring_back(change.session, house().rules, request_id, change.by, timezone)

    said = gettext("Whoever is on shift will be asked to ring them back.")
    return _change(request_id, "ring_back", make, said)


@request_changes.post(f"{_AT}/no-callback")
@open_to(Role.COORDINATOR)
def no_callback(group_id: int, request_id: int) -> ResponseReturnValue:
    """They need not be rung back."""

    def make(change: _Change) -> None:
        service.need_no_callback(change.session, request_id, change.by)

    return _change(request_id, "no_callback", make, gettext("They are not rung back any more."))


@request_changes.post(f"{_AT}/number")
@open_to(Role.COORDINATOR)
def number(group_id: int, request_id: int) -> ResponseReturnValue:
    """Show the caller's number, on record. Only in this answer: no address leads to it."""
    with house().database.unit_of_work() as writing:
        found = the_request(writing, request_id)
        shown = sheets.show_number(writing, found, asker().volunteer_id, now())
    return page(request_id, number=shown)
