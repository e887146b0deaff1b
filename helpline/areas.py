"""The areas of a line, as a caller chooses among them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Area:
    """A group as a choice: its name, its outward postcodes separated by spaces, its time zone.

    `rota_version` tells whether its rota is still the same; `closed_on` are the holidays to come of
    its own, as `Rules.hours` takes them.
    """

    group_id: int
    name: str
    postcodes: str
    timezone: str
    rota_version: int
    closed_on: str | None = None
