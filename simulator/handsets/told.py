"""One happening as the page tells it: a sentence for the story, lines for the phones."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

Tone = Literal["plain", "good", "warn", "bad", "quiet"]
Speaker = Literal["line", "self", "other", "note"]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a phone's transcript. `seconds` is how long it sounds, uncut."""

    phone: str
    call: str
    who: Speaker
    text: str
    sound: str = ""
    language: str = ""
    url: str = ""
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Bubble:
    """One text in a phone's conversation with `other`; `mine` if it was sent from this phone."""

    phone: str
    other: str
    other_name: str
    body: str
    mine: bool
    media: int = 0


@dataclass(frozen=True, slots=True)
class Told:
    """A happening. `story` is empty when it only concerns phones; `offer` is a missing phone."""

    story: str = ""
    tone: Tone = "plain"
    lines: tuple[Line, ...] = ()
    bubble: Bubble | None = None
    cut_off: str = ""
    offer: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return asdict(self)
