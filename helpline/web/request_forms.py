"""The forms on a request's page: each small, each keeping what was typed, each with one effect."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from flask_babel import lazy_gettext
from wtforms import (
    BooleanField,
    DateTimeLocalField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    TextAreaField,
)
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Optional
from wtforms.widgets import HiddenInput

from helpline import notes
from helpline.models import Outcome
from helpline.request_changes import By
from helpline.texting import by_hand
from helpline.web.forms import OnceForm

NOBODY: Final = "nobody"
NOT_SAID: Final = ""
_LONGEST_TEXT: Final = 160 * by_hand.MOST_SEGMENTS


def _as_typed(said: str | None) -> str:
    # PostgreSQL keeps no NUL.
    return (said or "").replace("\r\n", "\n").replace("\0", "").strip()


class ChangeForm(OnceForm):
    """A form that changes a request: which version of it was seen, and when it was shown."""

    version = IntegerField(widget=HiddenInput(), default=0)
    shown = HiddenField()

    @property
    def shown_at(self) -> datetime | None:
        """When the page of this form was shown (UTC); None where that was tampered with."""
        try:
            shown_at = datetime.fromisoformat(self.shown.data or "")
        except ValueError:
            return None
        return shown_at if shown_at.tzinfo is not None else None

    def by(self, volunteer_id: int, at: datetime) -> By:
        """Who sends it, and what they had seen."""
        return By(volunteer_id, at, self.version.data or 0, _as_typed(self.once.data))

    def seen(self, version: int, at: datetime) -> None:
        """This version of the request stands beside the form from now on."""
        self.version.raw_data = None
        self.version.data, self.shown.data = version, at.isoformat()


class HandForm(ChangeForm):
    """To whom a request is handed."""

    # Who belongs to the line by now is asked when it is handed over.
    to = SelectField(lazy_gettext("Hand it to"), choices=[], validate_choice=False)


class DescribeForm(ChangeForm):
    """What a request is about, and how soon it is needed."""

    category = SelectField(lazy_gettext("What it is about"), choices=[])
    urgency = SelectField(lazy_gettext("How soon"), choices=[])


class DueForm(ChangeForm):
    """By when it ought to be done, by the clock of the group."""

    due = DateTimeLocalField(
        lazy_gettext("Due by"),
        [Optional()],
        format=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S"],
        invalid_value_message=lazy_gettext("Write a day and a time, such as 2026-03-05 17:30."),
    )


class NoteForm(ChangeForm):
    """A note, for whoever has the request next."""

    words = TextAreaField(
        lazy_gettext("Note"),
        [DataRequired(lazy_gettext("Write a few words first.")), Length(max=notes.LONGEST)],
        filters=[_as_typed],
        render_kw={"rows": 3, "maxlength": notes.LONGEST},
    )


class TextForm(ChangeForm):
    """A text to the caller, from the line."""

    words = TextAreaField(
        lazy_gettext("Text"),
        [DataRequired(lazy_gettext("Write a few words first.")), Length(max=_LONGEST_TEXT)],
        filters=[_as_typed],
        render_kw={"rows": 3},
    )


class CloseForm(ChangeForm):
    """It is done, or not needed any more; and what becomes of a call that is owed."""

    drops_callback = BooleanField(lazy_gettext("They need no call any more: do not ring them back"))


class NotMetForm(CloseForm):
    """It could not be met, and why."""

    reason = SelectField(
        lazy_gettext("Why"),
        choices=[],
        validators=[DataRequired(lazy_gettext("Choose why, so that it is counted."))],
    )
    words = TextAreaField(
        lazy_gettext("In your own words, if you like"),
        [Length(max=notes.LONGEST)],
        filters=[_as_typed],
        render_kw={"rows": 2},
    )


class SayForm(ChangeForm):
    """How it went, where that does not close the request."""

    outcome = RadioField(
        lazy_gettext("How it went"),
        choices=[
            SelectChoice(Outcome.NEEDS_HELP.value, lazy_gettext("Help is still needed")),
            SelectChoice(
                Outcome.SOMEONE_ELSE.value, lazy_gettext("Somebody else, please: I hand it back")
            ),
            SelectChoice(
                Outcome.WORRIED.value, lazy_gettext("I am worried: tell the coordinators")
            ),
        ],
        validators=[InputRequired(lazy_gettext("Choose one."))],
    )


class GroupForm(ChangeForm):
    """To which group of the line a request is handed."""

    to = SelectField(
        lazy_gettext("Hand it to the group"), choices=[], coerce=int, validate_choice=False
    )


FORMS: Final[dict[str, type[ChangeForm]]] = {
    "take": ChangeForm,
    "hand": HandForm,
    "describe": DescribeForm,
    "due": DueForm,
    "note": NoteForm,
    "text": TextForm,
    "done": CloseForm,
    "not_met": NotMetForm,
    "withdraw": CloseForm,
    "say": SayForm,
    "other_group": GroupForm,
    "open_again": ChangeForm,
    "ring_back": ChangeForm,
    "no_callback": ChangeForm,
    "number": ChangeForm,
    "heard": ChangeForm,
}
"""Every form on the page, by the name that stands in front of its fields."""


def form_named(name: str, **values: Any) -> Any:
    """The form of this name: what was sent with it, where it was sent, else these values."""
    return FORMS[name](prefix=name, **values)


def fresh(name: str, **values: Any) -> Any:
    """The form of this name as nobody has touched it, whatever else was sent."""
    return FORMS[name](formdata=None, prefix=name, **values)
