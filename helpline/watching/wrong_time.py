"""Notices that this machine's clock is wrong, by what the phone network's says beside it.

Nobody is asked for it: whatever the network answers has a date on it.
"""

from collections import deque
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session

from helpline.watching import heartbeats

# A shift begins a little early or late then, and nobody notices.
TOLERATED: Final = timedelta(seconds=30)
# In a row: an answer may have lain about somewhere.
_ANSWERS: Final = 3


class TwoClocks:
    """The network's clock beside ours, in the last few answers that this process had."""

    def __init__(self) -> None:
        self._off: deque[timedelta] = deque(maxlen=_ANSWERS)
        self._has_news = False

    def compare(self, theirs: datetime, ours: datetime) -> None:
        """An answer came at `ours`, and says that it is `theirs` (both aware)."""
        self._off.append(theirs - ours)
        self._has_news = True

    def write_down(self, session: Session, at: datetime) -> None:
        """Remember, for whoever watches, how far ours is wrong at the aware moment `at`, if another
        answer has come. A single one is no proof."""
        is_right = any(abs(off) <= TOLERATED for off in self._off)
        if self._has_news and (is_right or len(self._off) == _ANSWERS):
            self._has_news = False
            heartbeats.beat(session, heartbeats.OUR_TIME, at)
            off = min(self._off, key=abs)
            heartbeats.beat(session, heartbeats.NETWORK_TIME, at + off)


def wrong_by(seen: Mapping[str, datetime]) -> str:
    """How far our clock is wrong, for people: "45 s", "4 min"; "" where it is right, or nobody
    knows. `seen` is when each part was last seen (`heartbeats.all_seen`)."""
    ours, theirs = seen.get(heartbeats.OUR_TIME), seen.get(heartbeats.NETWORK_TIME)
    if ours is None or theirs is None or abs(theirs - ours) <= TOLERATED:
        return ""
    seconds = round(abs(theirs - ours).total_seconds())
    return f"{seconds} s" if seconds < 120 else f"{seconds // 60} min"
