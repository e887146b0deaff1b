"""What a person hears, and how long it takes to say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

# English at the pace of a telephone voice is 140 to 160 words a minute, about 14 characters a
# second with the pauses. Twilio does not say; invented, and the same for every voice.
CHARACTERS_PER_SECOND = 14.0
# A sound whose length cannot be told from its data (invented).
UNKNOWN_SOUND_SECONDS = 5.0
BEEP_SECONDS = 0.5
TWILIO_APOLOGY = "We are sorry, an application error has occurred. Goodbye."


@dataclass(slots=True)
class Heard:
    """One thing heard on a call: `sound` is say, play, beep, ringback, music or person.

    `seconds` is how long it takes uncut; `cut_off` becomes True if it was stopped before its end.
    """

    sound: str
    text: str
    at: datetime
    seconds: float
    voice: str = ""
    language: str = ""
    url: str = ""
    cut_off: bool = False

    def __str__(self) -> str:
        return self.text or self.url or self.sound


def speaking_seconds(text: str, slowness: float = 1.0, breaks: float = 0.0) -> float:
    """How long a voice takes for `text`, in seconds."""
    return round(max(0.3, len(text) / CHARACTERS_PER_SECOND * slowness) + breaks, 1)
