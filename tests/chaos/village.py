"""Who lives where a chaos run takes place: two lines, their volunteers, and all who ring and text.

Names and words are such as nobody else uses, so that finding one in a log means something.
"""

import re
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Final

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from helpline.loading import load_text

BEGINS: Final = datetime(2026, 3, 3, 10, 0, tzinfo=UTC)
LINES: Final = ("+441632960000", "+441632960001")
GROUPS: Final = ("Quernmore", "Wigglesworth")
FALLBACK: Final = "+441632960999"
LANDLINES: Final = [f"+441632960{n}" for n in range(100, 900)]
MOBILES: Final = [f"+447700900{n}" for n in range(300, 900)]
VOLUNTEERS: Final = [f"+447700900{n}" for n in range(100, 160)]
_FIRST: Final = (
    "Ottoline",
    "Peregrine",
    "Zebedee",
    "Araminta",
    "Barnabas",
    "Clementina",
    "Eustace",
    "Philippa",
)
_LAST: Final = (
    "Featherstone",
    "Ramsbottom",
    "Winterbourne",
    "Throckmorton",
    "Ollerenshaw",
    "Higginbottom",
)
# Said and texted by neighbours. None of it is in config.yaml.
WORDS: Final = (
    "my marmalade cat is up the chimney",
    "the banister wobbles dreadfully",
    "I cannot reach the apothecary",
    "somebody to mend my gramophone please",
    "the pantry smells of paraffin",
    "I have rhubarb to spare",
)
_SECRETS: Final = ("marmalade", "banister", "apothecary", "gramophone", "paraffin", "rhubarb")
ANY_NUMBER: Final = re.compile(rb"7700\D?900\D?\d{3}|1632\D?960\D?\d{3}")


def names() -> list[str]:
    """One for each volunteer."""
    return [f"{first} {last}" for last in _LAST for first in _FIRST][: len(VOLUNTEERS)]


def secrets() -> list[bytes]:
    """What must be nowhere but in the database: names and words (numbers: see ANY_NUMBER)."""
    return [each.encode() for each in (*_FIRST, *_LAST, *_SECRETS)]


def settle(engine: Engine, at: datetime) -> None:
    """Fill an empty database: everybody is on at every hour."""
    everybody = list(zip(names(), VOLUNTEERS, strict=False))
    half = len(everybody) // 2
    groups = []
    for group, order, some in (
        (GROUPS[0], "one_by_one", everybody[:half]),
        (GROUPS[1], "all_at_once", everybody[half:]),
    ):
        people = "\n".join(
            f'      - {{name: {name}, number: "{number}", coordinator: {str(n < 2).lower()}}}'
            for n, (name, number) in enumerate(some)
        )
        # All at once: not thirty telephones for every caller.
        on = ", ".join(name for name, _ in (some if order == "one_by_one" else some[:8]))
        groups.append(
            f"  - name: {group}\n    timezone: Europe/London\n    postcodes: [HX7]\n"
            f"    ring_order: {order}\n    volunteers:\n{people}\n    rota:\n"
            f'      - {{days: Mon-Sun, from: "00:00", to: "24:00", volunteers: [{on}]}}'
        )
    lines = "\n".join(
        f'  - {{number: "{number}", name: {group} Neighbours, groups: [{group}]}}'
        for number, group in zip(LINES, GROUPS, strict=True)
    )
    with Session(engine) as session, session.begin():
        load_text(session, f"lines:\n{lines}\ngroups:\n" + "\n".join(groups), at)


def config(shipped: Path, into: Path) -> Path:
    """The shipped config.yaml without limits: a thousand calls are the point of it."""
    said = shipped.read_text(encoding="utf-8")
    said = re.sub(r"(_a_minute|_an_hour|_a_day): \d+", r"\1: 0", said)
    into.write_text(said, encoding="utf-8")
    return into


def whose(chance: Random) -> tuple[str, str]:
    """A neighbour's number, and the kind of their telephone."""
    if chance.random() < 0.5:
        return chance.choice(LANDLINES), "landline"
    return chance.choice(MOBILES), "mobile"
