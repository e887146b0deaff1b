"""Overhears what pages look for in an address and in a form; tells kinds of pages apart."""

import re
from typing import Any

from flask import Request
from werkzeug.datastructures import ImmutableMultiDict


class Questions(ImmutableMultiDict[str, str]):
    """What an address asks; notes every name that a page looks for in it."""

    looked_for: set[str] = set()  # noqa: RUF012 - of the one request that is being answered

    def __getitem__(self, name: str) -> str:
        self.looked_for.add(name)
        return super().__getitem__(name)

    def __contains__(self, name: object) -> bool:
        self.looked_for.add(str(name))
        return super().__contains__(name)

    def getlist(self, name: str, *types: Any, **named: Any) -> list[Any]:
        self.looked_for.add(name)
        return super().getlist(name, *types, **named)


class Noting(Request):
    """A request whose questions are noted."""

    parameter_storage_class = Questions


def shape_of(path: str) -> str:
    """An address without its numbers."""
    return re.sub(r"\d+", "1", path.partition("?")[0])
