"""Callbacks: calls that we owe, each with the time by which it is due, kept or told of."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session

from helpline import alerts, audit, callers, calls, hours, legs, outbox
from helpline.database import rows_changed
from helpline.hours import Hours
from helpline.models import (
    Call,
    Callback,
    CallbackStatus,
    CallDirection,
    CallStatus,
    LegOutcome,
    Request,
)
from helpline.requests import SHARED_CODE
from helpline.rules import Rules
from helpline.telephones.call_state import CallState
from helpline.upsert import insert_once

MAKE: Final = "queue_workers.jobs.make_callback"
# When no volunteer is free to make one.
AGAIN_AFTER: Final = timedelta(minutes=10)
# Once it is late a coordinator knows, and volunteers who cook dinner are not rung for ever.
AGAIN_WHEN_LATE: Final = timedelta(hours=1)
# The neighbour is on the line with us at this moment, and may say all there is to say.
AGAIN_WHEN_ON_THE_LINE: Final = timedelta(minutes=1)
_OPEN: Final = Callback.ended_at.is_(None)


def owe(
    session: Session,
    rules: Rules,
    request_id: int,
    at: datetime,
    *,
    timezone: str | None,
    closed_on: str | None,
    decided: bool,
    told_late: bool = False,
    number: str | None = None,
    asked_at: datetime | None = None,
) -> datetime:
    """Owe a callback for a request; the time by which it is due, as the group's hours have it.

    `timezone` and `closed_on` (its own holidays) are the group's; None: it has, or knows, none.
    One that is owed already stays as it was promised, unless it is late or was tried in vain: who
    asks then is promised anew. `decided` is False for somebody who has not said a word: a
    coordinator decides whether to ring what may be a borrowed telephone. `told_late`: it is not now
    that they ask. `number` (E.164) is theirs, where they ask themselves. `asked_at` is when they
    did, where that is heard of late: a STOP may have come since.
    """
    asked_at = asked_at or at
    due_at = rules.callback_due(timezone, at, closed_on)
    first_try_at = rules.first_try(timezone, at, closed_on)
    row = {
        "request_id": request_id,
        "status": CallbackStatus.OWED if decided else CallbackStatus.UNDECIDED,
        "asked_at": asked_at,
        "due_at": due_at,
        "next_try_at": first_try_at if decided else None,
        "tries": 0,
    }
    is_new = insert_once(session, Callback, row, "request_id", where=_OPEN) is not None
    owed = None if is_new else open_for(session, request_id)
    if owed is None:
        return due_at
    if told_late:
        return _decide(owed, first_try_at, at, decided=decided).due_at
    if decided and number is not None:
        _forget_stop(session, owed, number, asked_at)
    if owed.due_at <= at or owed.tries:
        if not decided and owed.status is not CallbackStatus.UNDECIDED:
            # They hear a time to come if they ask; what is late meanwhile is no less late for it.
            return due_at
        _promise_anew(owed, due_at, first_try_at, at)
    return _decide(owed, first_try_at, at, decided=decided).due_at


def owe_for_call(
    session: Session,
    rules: Rules,
    state: CallState,
    at: datetime,
    *,
    decided: bool,
    told_late: bool = False,
    number: str | None = None,
) -> datetime | None:
    """The same for what somebody rang about; None where their call has no request.

    Of who withheld their number, or shares a request with others, a coordinator decides.
    """
    if state.request_id is None:
        return None
    if told_late and _was_settled(session, state.request_id, state.started_at):
        return state.callback_due_at
    is_known = state.caller_id is not None and state.request_code != SHARED_CODE
    return owe(
        session,
        rules,
        state.request_id,
        at,
        timezone=state.timezone,
        closed_on=state.holidays,
        decided=decided and is_known,
        told_late=told_late,
        number=number,
    )


def _was_settled(session: Session, request_id: int, since: datetime) -> bool:
    """Whether what was owed then, or since, is settled: we are only told of it once more."""
    settled = exists().where(Callback.request_id == request_id, Callback.ended_at >= since)
    return open_for(session, request_id) is None and bool(session.scalar(select(settled)))


def _forget_stop(session: Session, owed: Callback, number: str, at: datetime) -> None:
    """Who said STOP after they had asked, and asks again now, means what they say now."""
    if callers.has_opted_out(session, number, since=owed.asked_at):
        owed.asked_at = at


def _decide(owed: Callback, first_try_at: datetime, at: datetime, *, decided: bool) -> Callback:
    """Who had not said a word has said one by now, and is rung."""
    if decided and owed.status is CallbackStatus.UNDECIDED:
        owed.status, owed.next_try_at = CallbackStatus.OWED, max(first_try_at, at)
    return owed


def _promise_anew(owed: Callback, due_at: datetime, first_try_at: datetime, at: datetime) -> None:
    """They ask again for what is late, or was tried in vain: from now on another time holds."""
    owed.due_at, owed.tries, owed.late_told_at = due_at, 0, None
    if owed.status is CallbackStatus.UNDECIDED:
        owed.asked_at = at
    elif owed.status is CallbackStatus.OWED and not (
        owed.next_try_at is not None and owed.next_try_at <= first_try_at
    ):
        owed.next_try_at, owed.nudged_at = first_try_at, None


def leave_undecided(session: Session, request_id: int, since: datetime) -> None:
    """What was taken for a message was silence: a coordinator decides after all.

    What was owed before the silent call began (`since`) stays owed.
    """
    session.execute(
        update(Callback)
        .where(
            Callback.request_id == request_id,
            Callback.status == CallbackStatus.OWED,
            Callback.asked_at >= since,
            Callback.tries == 0,
        )
        .values(status=CallbackStatus.UNDECIDED, next_try_at=None)
    )


def open_for(session: Session, request_id: int) -> Callback | None:
    """The callback that is owed for this request, if there is one."""
    return session.scalar(
        select(Callback).where(Callback.request_id == request_id, Callback.ended_at.is_(None))
    )


def end(
    session: Session,
    request_id: int,
    status: CallbackStatus,
    at: datetime,
    asked_until: datetime | None = None,
) -> bool:
    """Owe nothing for this request any more: kept, canceled or given up. Whether one was owed.

    `asked_until`: what they have asked for after that is owed still.
    """
    owed = update(Callback).where(Callback.request_id == request_id, _OPEN)
    if asked_until is not None:
        owed = owed.where(Callback.asked_at <= asked_until)
    ended = session.execute(owed.values(status=status, ended_at=at, next_try_at=None))
    if rows_changed(ended):
        call_off(session, request_id, at)
    return bool(rows_changed(ended))


def call_off(session: Session, request_id: int, at: datetime) -> None:
    """Ring no volunteer any longer to have this neighbour rung back."""
    for call_id in session.scalars(
        select(Call.id).where(
            Call.request_id == request_id,
            Call.direction == CallDirection.CALLBACK,
            Call.taken_by_leg_id.is_(None),
            Call.ended_at.is_(None),
        )
    ).all():
        legs.stop_ringing(session, call_id, LegOutcome.CALLER_GONE, at)
        calls.end(session, call_id, CallStatus.CANCELED, at)


def call_off_for(session: Session, caller_id: int, said_at: datetime, at: datetime) -> None:
    """They have said STOP: ring no volunteer any longer for what they had asked before."""
    owed = select(Callback.request_id).join(Request, Request.id == Callback.request_id)
    before = owed.where(Request.caller_id == caller_id, _OPEN, Callback.asked_at <= said_at)
    for request_id in session.scalars(before).all():
        call_off(session, request_id, at)


def taken_up(session: Session, callback_id: int, at: datetime) -> Callback | None:
    """The callback, held by this transaction, if it asks for a worker now; else None."""
    return session.scalar(
        select(Callback)
        .where(Callback.id == callback_id, Callback.ended_at.is_(None), Callback.next_try_at <= at)
        .with_for_update()
    )


def put_off(callback: Callback, until: datetime) -> None:
    """Nobody is rung for it before then."""
    callback.status = CallbackStatus.OWED
    callback.next_try_at, callback.nudged_at = until, None


def try_again(session: Session, callback_id: int, at: datetime) -> None:
    """Nobody could be rung for it now, and it is nobody's fault: the same again at that moment."""
    callback = session.get(Callback, callback_id, with_for_update=True)
    if callback is not None and callback.status is CallbackStatus.RINGING:
        put_off(callback, at)


def was_not_kept(session: Session, callback_id: int, at: datetime) -> bool:
    """What was taken for kept, because both had picked up, is owed still: the next one now.

    False where it was not taken for kept, or something else is owed to them by now.
    """
    callback = session.get(Callback, callback_id, with_for_update=True)
    if callback is None or callback.status is not CallbackStatus.KEPT:
        return False
    if open_for(session, callback.request_id) is not None:
        return False
    callback.status, callback.ended_at = CallbackStatus.OWED, None
    callback.next_try_at, callback.nudged_at = at, at
    outbox.promise(session, MAKE, callback_id)
    return True


def next_at_once(session: Session, callback_id: int, at: datetime) -> None:
    """A volunteer did not take it: a worker rings the next one now."""
    callback = session.get(Callback, callback_id, with_for_update=True)
    if callback is not None and callback.status is CallbackStatus.RINGING:
        callback.status, callback.next_try_at = CallbackStatus.OWED, at
        callback.nudged_at = at
        outbox.promise(session, MAKE, callback_id)


def nobody_answered(
    session: Session, rules: Rules, callback_id: int, opened: Hours, at: datetime
) -> None:
    """The neighbour's telephone rang in vain: at another time of day again, or the end of it."""
    callback = session.get(Callback, callback_id, with_for_update=True)
    if callback is None or callback.ended_at is not None:
        return
    callback.tries += 1
    if callback.tries < rules.config.callbacks.tries:
        put_off(callback, hours.different_time_of_day(opened, at))
        return
    callback.status, callback.ended_at = CallbackStatus.GIVEN_UP, at
    callback.next_try_at = None
    audit.write(session, "callback_given_up", at, request_id=callback.request_id)
    request = session.get_one(Request, callback.request_id)
    once = f"alert_not_reached:callback:{callback.id}"
    alerts.tell_coordinators(session, rules, request, "alert_not_reached", at, once=once)


def not_allowed(session: Session, rules: Rules, callback: Callback, at: datetime) -> None:
    """The neighbour's number is none that we ring: a coordinator decides what becomes of them."""
    end(session, callback.request_id, CallbackStatus.GIVEN_UP, at)
    audit.write(session, "callback_not_allowed", at, request_id=callback.request_id)
    request = session.get_one(Request, callback.request_id)
    once = f"alert_caller_not_allowed:callback:{callback.id}"
    alerts.tell_coordinators(session, rules, request, "alert_caller_not_allowed", at, once=once)


def cancel(session: Session, callback: Callback, why: str, at: datetime) -> None:
    """It must not, or need not, be made any more; `why` is a word of ours."""
    end(session, callback.request_id, CallbackStatus.CANCELED, at)
    audit.write(session, "callback_canceled", at, request_id=callback.request_id, detail=why)
