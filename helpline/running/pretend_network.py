"""Tells the pretend phone network who is on it: our lines, our volunteers, and a few neighbours."""

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

# Kept for fiction by Ofcom, so that they are nobody's.
NEIGHBOURS = (
    {"number": "+441632960101", "kind": "landline", "name": "Edna"},
    {"number": "+447700900150", "kind": "mobile", "name": "Sam"},
)
FILE = "pretend_network.json"
LINK_FILE = "sign_in_link.json"


@dataclass(frozen=True)
class Someone:
    """A line or a volunteer: an E.164 number and a name."""

    number: str
    name: str


@dataclass(frozen=True)
class WayIn:
    """A one-time link to the pages, and whose it is."""

    name: str
    link: str


def telephones(
    lines: Iterable[Someone], volunteers: Iterable[Someone], base_url: str
) -> Mapping[str, list[dict[str, str]]]:
    """What `python -m simulator --numbers` reads (see simulator/README.md).

    `base_url` is the helpline's own address, without a last slash.
    """
    numbers = [
        {
            "number": line.number,
            "name": line.name,
            "voice_url": f"{base_url}/calls/incoming",
            "status_callback": f"{base_url}/calls/status",
            "sms_url": f"{base_url}/texts/incoming",
        }
        for line in lines
    ]
    of_volunteers = [{"number": v.number, "kind": "mobile", "name": v.name} for v in volunteers]
    taken = {entry["number"] for entry in (*numbers, *of_volunteers)}
    neighbours = [dict(person) for person in NEIGHBOURS if person["number"] not in taken]
    return {"numbers": numbers, "phones": neighbours + of_volunteers}


def write(what: Mapping[str, object], file: Path) -> None:
    """Write `what` to `file`, for this user's eyes alone: volunteers' numbers, or a way in."""
    new = file.with_suffix(".new")
    new.unlink(missing_ok=True)
    with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:  # noqa: PTH123
        json.dump(what, out, indent=1)
    new.replace(file)


def first_line(file: Path) -> Someone | None:
    """The line to try first; None when there is none yet."""
    try:
        numbers = json.loads(file.read_text(encoding="utf-8"))["numbers"]
    except FileNotFoundError:
        return None
    return Someone(numbers[0]["number"], numbers[0]["name"]) if numbers else None


def take_way_in(file: Path) -> WayIn | None:
    """The link that was left in `file`, which is gone afterwards; None when there is none."""
    try:
        left = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    file.unlink()
    return WayIn(left["name"], left["link"])
