"""What every form shares: kept from forgers, one effect however often it is sent."""

from __future__ import annotations

import secrets
from typing import Any, Final

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from flask_wtf.i18n import Translations
from wtforms import HiddenField
from wtforms.validators import Length


def one_line(said: str | None) -> str:
    """What was typed into a field of one line: a filter, without what nobody can type."""
    return " ".join(some_lines(said).split())


def some_lines(said: str | None) -> str:
    """What was typed into a field of several lines: a filter. PostgreSQL keeps no NUL."""
    lines = (said or "").replace("\r\n", "\n")
    return "".join(map(_typed, lines)).strip()


def _typed(letter: str) -> str:
    if letter.isprintable() or letter == "\n":
        return letter
    return " " if letter.isspace() else ""


def new_once() -> str:
    """A word made up when a form is shown: the same word sent twice has one effect."""
    return secrets.token_urlsafe(16)


# What wtforms says, and has no Polish for.
_SAID_BY_US: Final = {"Not a valid time value.": lazy_gettext("Write a time such as 17:30.")}


class _Words(Translations):  # type: ignore[misc]
    """What fields say by themselves, in the language of the page."""

    def gettext(self, string: str) -> str:
        return str(_SAID_BY_US.get(string) or super().gettext(string))


class Form(FlaskForm):  # type: ignore[misc]
    """A form with its token; every page's form derives from it."""

    class Meta:
        """Where its fields take their words from."""

        def get_translations(self, _form: FlaskForm) -> _Words:
            """For wtforms, which asks once a form."""
            return _Words()


class OnceForm(Form):
    """A form that changes something: `once` makes its second coming a no-op."""

    once = HiddenField(validators=[Length(max=64)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.once.data:
            self.once.data = new_once()
