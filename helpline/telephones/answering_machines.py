"""A neighbour's own answering machine may pick up when we ring them back: nobody has talked then.

The network cannot tell it from a person. But whoever hears that it is one puts the receiver down.
"""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session

from helpline import callbacks, calls
from helpline.legs import LegState
from helpline.models import LegOutcome
from helpline.rules import Rules
from helpline.telephones.call_state import CallState

# Since it picked up: who rings is told first, and a greeting outlasts that.
_SHORTEST_TALK: Final = timedelta(seconds=30)


def may_be_one(seconds: int | None) -> bool:
    """Whether what picked up may be one, put down so much later; None, or 0: that is not known."""
    return bool(seconds) and timedelta(seconds=seconds or 0) < _SHORTEST_TALK


def tried_in_vain(session: Session, rules: Rules, state: CallState, at: datetime) -> None:
    """One may have picked up: as if nobody had, what is owed is tried again.

    Where it was somebody after all, the volunteer answers that it is done, and nobody is rung.
    """
    if state.callback_id is not None:
        hours = rules.hours(state.timezone, state.holidays)
        callbacks.nobody_answered(session, rules, state.callback_id, hours, at)


def put_down(
    session: Session, rules: Rules, state: CallState, leg: LegState, at: datetime, seconds: int
) -> None:
    """The telephone of a neighbour whom we ring back was put down, so long after it was picked up.

    That is told before the end of the volunteer's call, or after it.
    """
    if leg.taken_at is None or leg.outcome not in (None, LegOutcome.TALKED):
        return
    calls.talked(session, state.id, seconds)
    if leg.outcome is None or state.callback_id is None or not may_be_one(seconds):
        return
    if callbacks.was_not_kept(session, state.callback_id, at):
        tried_in_vain(session, rules, state, at)
