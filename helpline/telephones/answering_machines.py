"""A neighbour's own answering machine may pick up when we ring them back: nobody has talked then.

The network cannot tell it from a person. Whoever was put through to it can, and says so: help is
still needed, after a talk that was none.
"""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline import callbacks, calls
from helpline.legs import LegState
from helpline.models import Call, CallDirection, LegOutcome, Outcome
from helpline.rules import Rules

# Since it picked up: who hears that it is one puts the receiver down.
_SHORTEST_TALK: Final = timedelta(seconds=30)
_STILL_NEEDED: Final = frozenset({Outcome.NEEDS_HELP, Outcome.SOMEONE_ELSE})


def put_down(session: Session, leg: LegState, seconds: int) -> None:
    """The telephone of a neighbour whom we rang back was put down, so long after it was picked up.

    The volunteer's own call began earlier, while it rang.
    """
    if leg.outcome is LegOutcome.TALKED:
        calls.talked(session, leg.call_id, seconds)


def said_how_it_went(
    session: Session, rules: Rules, request_id: int, outcome: Outcome, at: datetime
) -> None:
    """Where help is needed after a callback that was over at once, the neighbour is owed it still.

    As if nobody had picked up, they are rung at another time of day.
    """
    if outcome not in _STILL_NEEDED:
        return
    last = session.execute(
        select(Call.id, Call.callback_id, Call.talked_seconds)
        .where(Call.request_id == request_id, Call.direction == CallDirection.CALLBACK)
        .order_by(Call.id.desc())
        .limit(1)
    ).one_or_none()
    if last is None or last.callback_id is None or last.talked_seconds is None:
        return
    if timedelta(seconds=last.talked_seconds) >= _SHORTEST_TALK:
        return
    if callbacks.was_not_kept(session, last.callback_id, at):
        state = calls.by_id(session, last.id)
        hours = rules.hours(state.timezone, state.holidays)
        callbacks.nobody_answered(session, rules, last.callback_id, hours, at)
