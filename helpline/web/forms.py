"""What every form shares: kept from forgers, one effect however often it is sent."""

from __future__ import annotations

import secrets
from typing import Any

from flask_wtf import FlaskForm
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


class Form(FlaskForm):  # type: ignore[misc]
    """A form with its token; every page's form derives from it."""

    @property
    def first_mistake(self) -> str | None:
        """The id of the first field that has something wrong with it, to put the focus there."""
        return next((field.id for field in self if field.errors), None)


class OnceForm(Form):
    """A form that changes something: `once` makes its second coming a no-op."""

    once = HiddenField(validators=[Length(max=64)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.once.data:
            self.once.data = new_once()
