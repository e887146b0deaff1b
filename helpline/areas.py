"""The areas of a line, as a caller chooses among them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Area:
    """A group as a choice: its name, its outward postcodes separated by spaces, its time zone."""

    group_id: int
    name: str
    postcodes: str
    timezone: str
