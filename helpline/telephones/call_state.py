"""What one turn knows of a call: read in one statement, and carried from decision to decision."""

from datetime import datetime
from typing import NamedTuple

from helpline.models import Kind, LegOutcome, RingOrder


# No dataclass: a turn makes four of them, and each would take three times as long.
class CallState(NamedTuple):
    """All that one turn needs to know of a call, read in one statement. Instants are UTC."""

    id: int
    started_at: datetime
    line_id: int | None = None
    line_number: str = ""
    line_name: str = ""
    caller_id: int | None = None
    caller_number: str | None = None
    group_id: int | None = None
    group_name: str | None = None
    # Of its group, or of the line's first group while none is chosen.
    timezone: str | None = None
    ring_order: RingOrder | None = None
    # The holidays to come of that group's own, as `Rules.hours` takes them.
    closed_on: str | None = None
    # Tells whether that group's rota is still the same.
    rota_version: int | None = None
    # Ringing all at once takes a worker.
    worker_seen_at: datetime | None = None
    language: str | None = None
    # They chose it themselves, so it need not be offered again.
    chose_language: bool = False
    request_id: int | None = None
    request_kind: Kind | None = None
    # A request that is still to be opened for this call, before the turn is over.
    opens: Kind | None = None
    # None, too, while only its id is known: the caller's open ask, taken up a moment ago.
    request_code: str | None = None
    open_ask_id: int | None = None
    callback_due_at: datetime | None = None
    # Set where we ring them back.
    callback_id: int | None = None
    # Who asked, on the pages, to be put through to them.
    asked_by_id: int | None = None
    # They have picked up: always so, unless we ring them back.
    answered: bool = True
    is_blocked: bool = False
    # One call too many: a sentence, and a message if they wish.
    over_limit: bool = False
    # Always short and silent: they are asked to press a key before anybody is rung.
    seems_robot: bool = False
    pressed_key: bool = False
    ringing_since: datetime | None = None
    # The volunteer's telephone that rings.
    ringing_leg_id: int | None = None
    taken_by_leg_id: int | None = None
    # A leg that was tried, and what became of it: still to be written down before the turn is over.
    tried: tuple[int, LegOutcome] | None = None
    ended_at: datetime | None = None

    @property
    def holidays(self) -> str | None:
        """Its group's own; none while no area is chosen, for then any of the line's may answer."""
        return self.closed_on if self.group_id is not None else None

    @property
    def whose(self) -> str:
        """The name of its group; the line's while no area is chosen."""
        chosen = self.group_name if self.group_id is not None else None
        return chosen or self.line_name

    @property
    def is_callback(self) -> bool:
        """Whether we ring them, rather than they us."""
        return self.callback_id is not None or self.asked_by_id is not None

    def __repr__(self) -> str:
        """Neither number nor name: this may end up in a log."""
        return f"CallState({self.id})"
