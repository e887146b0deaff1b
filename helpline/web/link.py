"""GET /r/<token>: a volunteer adds to the request they have just talked about, without signing in.

Opening it changes nothing: some telephones open every link of a text by themselves.
"""

from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from wtforms import IntegerField, RadioField, SelectField, TextAreaField
from wtforms.validators import Length, Optional
from wtforms.widgets import HiddenInput

from helpline import after_call, cards, notes
from helpline.after_call import Added
from helpline.models import Outcome
from helpline.request_changes import By, CallbackOwed, ChangedMeanwhile
from helpline.rules import HOME_ZONE
from helpline.texting import request_links
from helpline.texting.request_links import Opened
from helpline.web.access import Role, open_to
from helpline.web.forms import OnceForm, some_lines
from helpline.web.house import house, now
from helpline.web.limits import address_of
from helpline.web.wording import language

link = Blueprint("link", __name__)

OUTCOME_WORDS = {
    Outcome.DONE: lazy_gettext("Done"),
    Outcome.NEEDS_HELP: lazy_gettext("Still needs help"),
    Outcome.SOMEONE_ELSE: lazy_gettext("Someone else, please"),
    Outcome.WORRIED: lazy_gettext("I am worried"),
}


class AddForm(OnceForm):
    """What may be added, each of it or none."""

    note = TextAreaField(
        lazy_gettext("What should the next one know?"),
        [Length(max=notes.LONGEST)],
        filters=[some_lines],
        render_kw={"rows": 5},
    )
    category = SelectField(lazy_gettext("What is it about?"))
    outcome = RadioField(lazy_gettext("How did it go?"), [Optional()])
    version = IntegerField(widget=HiddenInput())

    def __init__(self, opened: Opened, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        words = house().rules.config.requests
        # One that is no longer in config.yaml may stay as it is.
        known = dict.fromkeys([*words.categories, *filter(None, [opened.request.category])])
        self.category.choices = {
            "": gettext("not said"),
            **{key: words.category(key, language()) for key in known},
        }
        self.outcome.choices = {key.value: str(said) for key, said in OUTCOME_WORDS.items()}

    def added(self) -> Added:
        """What was filled in."""
        said = self.outcome.data
        return Added(self.note.data, self.category.data or None, Outcome(said) if said else None)


@link.route("/r/<token>", methods=["GET", "POST"])
@open_to(Role.NOBODY)
def add(token: str) -> ResponseReturnValue:
    """The request, for the volunteer who talked about it, and for a day."""
    if not house().limits.allows(address_of(request), "request-link"):
        abort(429)
    with house().database.reading() as reading:
        opened = request_links.open_with(reading, house().secrets, token, now())
        if opened is None:
            return render_template("link/over.html"), 410
        found = opened.request
        card = cards.of(reading, found, found.group_id)
    form = AddForm(opened, data={"category": found.category or "", "version": found.version})
    status = 200
    if form.validate_on_submit():
        status = _written(form, opened)
        if status == 200:
            flash(gettext("Thank you. It is written down."))
            return redirect(url_for("link.thanks"))
    elif form.is_submitted():
        status = 422
    zone = ZoneInfo(opened.timezone or HOME_ZONE)
    said = render_template("link/add.html", form=form, found=found, card=card, zone=zone)
    return said, status


def _written(form: AddForm, opened: Opened) -> int:
    """Write it down; 200, or the status of a page that says why not."""
    by = By(opened.volunteer_id, now(), form.version.data or 0, form.once.data)
    try:
        with house().database.unit_of_work() as writing:
            after_call.add(writing, house().rules, opened.request.id, form.added(), by)
    except ChangedMeanwhile:
        # What was typed stays; sent again, it is a change of what stands now.
        form.version.raw_data, form.version.data = None, opened.request.version
        form.category.errors = [
            gettext(
                "Somebody else changed this request while you wrote. Please look, and send again."
            )
        ]
        return 409
    except CallbackOwed:
        form.outcome.errors = [
            gettext("They have asked to be rung since then, so it cannot be closed yet.")
        ]
        return 422
    return 200


@link.get("/r/thanks")
@open_to(Role.NOBODY)
def thanks() -> str:
    """It is written down, and nothing more is to be done."""
    return render_template("link/thanks.html")
