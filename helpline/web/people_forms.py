"""The forms about people: what a coordinator writes, and what is wrong with it said beside it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import gettext, lazy_gettext
from wtforms import (
    DateField,
    Field,
    HiddenField,
    SelectField,
    SelectMultipleField,
    StringField,
    ValidationError,
)
from wtforms import Form as PlainForm
from wtforms.validators import DataRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from helpline.people import joining
from helpline.people.joining import Details, NotInUse
from helpline.people.membership import longest_pause
from helpline.phone_numbers import NotAPhoneNumber
from helpline.web.forms import Form, one_line
from helpline.web.house import house, now
from helpline.web.wording import language, zone

_LONGEST = 80


class Ticks(SelectMultipleField):  # type: ignore[misc]
    """Several of some choices, each with a box to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


def row_id(said: str) -> int | None:
    """An id in a question, of a size that a database knows; None for anything else."""
    return int(said) if re.fullmatch(r"[0-9]{1,9}", said, re.ASCII) else None


class DetailsForm(Form):
    """Who somebody is; `seen` is the mark of what the form showed."""

    name = StringField(
        lazy_gettext("Name"),
        [DataRequired(lazy_gettext("Please write a name.")), Length(max=_LONGEST)],
        filters=[one_line],
        render_kw={"autocomplete": "off"},
    )
    speaks = SelectField(lazy_gettext("Speaks"), validate_choice=True)
    also_speaks = Ticks(lazy_gettext("And also"))
    area = StringField(
        lazy_gettext("Where they live"),
        [Length(max=_LONGEST)],
        filters=[one_line],
        render_kw={"autocomplete": "off"},
    )
    can_do = Ticks(lazy_gettext("What they can do"))
    seen = HiddenField(validators=[Length(max=16)])

    def __init__(self, shown: Details | None = None, **kwargs: Any) -> None:
        """`shown` are the details that stand there before anybody types."""
        if shown is not None:
            kwargs |= {
                "name": shown.name,
                "area": shown.area,
                "speaks": shown.languages[0] if shown.languages else "",
                "also_speaks": list(shown.languages[1:]),
                "can_do": list(shown.can_do),
            }
        super().__init__(**kwargs)
        known = shown or Details("")
        spoken = _languages(known.languages)
        self.speaks.choices = [("", gettext("What the line speaks first")), *spoken]
        self.also_speaks.choices = spoken
        self.can_do.choices = _categories(known.can_do)

    @property
    def details(self) -> Details:
        """What is written, once it is valid."""
        others = [key for key in self.also_speaks.data or [] if key != self.speaks.data]
        first = [self.speaks.data] if self.speaks.data else []
        return Details(
            self.name.data, (*first, *others), self.area.data, tuple(self.can_do.data or [])
        )


def _languages(known: Sequence[str]) -> list[tuple[str, str]]:
    """The line's own, and those that were written down for somebody all the same."""
    choices = {each.key: each.name for each in house().rules.config.languages}
    return list((choices | {key: key for key in known if key not in choices}).items())


def _categories(known: Sequence[str]) -> list[tuple[str, str]]:
    words = house().rules.config.requests
    keys = (*words.categories, *(key for key in known if key not in words.categories))
    return [(key, words.category(key, language())) for key in keys]


class _ReadNumber:
    """Checks a telephone number that somebody typed, and reads it."""

    def __call__(self, _form: PlainForm, field: Field) -> None:
        try:
            field.e164 = joining.read_number(field.data)
        except NotAPhoneNumber:
            raise ValidationError(
                gettext("That is not a telephone number; write one such as 07700 900123.")
            ) from None
        except NotInUse:
            raise ValidationError(
                gettext("No telephone has this number; is there a slip in it?")
            ) from None
        if not house().rules.config.reach.allows(field.e164):
            raise ValidationError(
                gettext(
                    "This number is abroad, or costs extra: the line would never ring it. "
                    "Please ask them for another."
                )
            )


def _number_field() -> StringField:
    return StringField(
        lazy_gettext("Their own telephone"),
        [DataRequired(lazy_gettext("Please write their number.")), Length(max=40), _ReadNumber()],
        render_kw={"inputmode": "tel", "autocomplete": "off"},
    )


class NumberForm(Form):
    """Somebody's new telephone number."""

    number = _number_field()


class NewPersonForm(DetailsForm):
    """Somebody who joins."""

    number = _number_field()


class PauseForm(Form):
    """Until when somebody is not rung."""

    until = DateField(
        lazy_gettext("Rung again from"),
        [DataRequired(lazy_gettext("Please choose a day."))],
    )

    def validate_until(self, field: Field) -> None:
        """From tomorrow on, and within a year."""
        if field.data is None:
            raise ValidationError(gettext("Please write a day such as 2026-12-24."))
        today = today_here()
        if not today < field.data <= longest_pause(today):
            raise ValidationError(gettext("Please choose a day from tomorrow on, within a year."))


def today_here() -> date:
    """The date by the clock of the group."""
    return now().astimezone(zone()).date()
