"""The number of a row, as it stands in an address."""

from typing import Any

from werkzeug.routing import IntegerConverter, Map


class RowId(IntegerConverter):
    """One that is too big for a database to know leads nowhere, at every door."""

    def __init__(self, of: Map, **asked: Any) -> None:
        super().__init__(of, **{"max": 2**31 - 1, **asked})
