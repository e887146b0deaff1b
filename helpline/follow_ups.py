"""What is owed once people have talked, or could not: texts, callbacks, a word to a coordinator."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from helpline import callbacks, calls, legs, texts
from helpline.hours import next_morning
from helpline.legs import LegState
from helpline.models import (
    CallbackStatus,
    CallStatus,
    Kind,
    LegOutcome,
    Purpose,
    Request,
)
from helpline.rules import Rules
from helpline.telephones.call_state import CallState
from helpline.telephones.ringing_together import PUT_THROUGH_WITHIN
from helpline.texting import request_links, stand_ins
from helpline.texts import About, To
from helpline.volunteers import first_language

# Who presses 1 as the caller puts the receiver down has talked to nobody.
SHORTEST_TALK = timedelta(seconds=2)


def was_too_short(leg: LegState, at: datetime) -> bool:
    """Whether what began when they pressed 1, and is over at this moment, was no talk."""
    # Of a clock that was set back meanwhile nothing is known.
    return leg.taken_at is not None and timedelta(0) <= at - leg.taken_at < SHORTEST_TALK


def talked(
    session: Session,
    rules: Rules,
    state: CallState,
    leg: LegState,
    at: datetime,
    seconds: int | None = None,
) -> None:
    """Two people talked: nothing more is owed to ring, and the volunteer is asked how it went.

    `seconds` None: for as long as it is since the volunteer pressed 1.
    """
    is_news = legs.end(session, leg.id, LegOutcome.TALKED, at)
    since = leg.taken_at or at
    lasted = int((at - since).total_seconds()) if seconds is None else seconds
    if state.is_callback:
        calls.end(session, state.id, CallStatus.COMPLETED, at, lasted if is_news else None)
    elif is_news:
        calls.talked(session, state.id, lasted)
    if state.request_id is None or state.line_id is None:
        return
    if state.callback_due_at is not None:
        # A talk that is told of once more keeps no promise that was made since.
        kept = CallbackStatus.KEPT
        callbacks.end(session, state.request_id, kept, at, asked_until=leg.ended_at)
    if state.request_kind is Kind.OFFER:
        return
    texts.promise(
        session,
        rules.words,
        Purpose.OUTCOME,
        "follow_up_volunteer",
        To(state.line_id, leg.number, first_language(leg.languages)),
        at,
        about=About(state.request_id, state.id, leg.volunteer_id),
        once=f"{request_links.AFTER_CALL}{leg.id}",
        code=_code(session, state),
        link=stand_ins.LINK,
    )


def call_ended(
    session: Session, rules: Rules, state: CallState, status: CallStatus, at: datetime
) -> None:
    """A caller's call is over: whoever still rings is told, and what is owed is written down."""
    if calls.end(session, state.id, status, at):
        with texts.together(session):
            have_talked = _end_legs(session, rules, state, at)
            _owe_the_caller(session, rules, state, at, have_talked=have_talked)


def _end_legs(session: Session, rules: Rules, state: CallState, at: datetime) -> bool:
    """End what still rings or talks; whether two people have talked in this call."""
    rung = legs.of_call(session, state.id)
    have_talked = any(leg.outcome is LegOutcome.TALKED for leg in rung)
    live = [leg for leg in rung if leg.ended_at is None]
    if any(leg.taken_at is None for leg in live):
        legs.stop_ringing(session, state.id, LegOutcome.CALLER_GONE, at)
    for leg in live:
        if leg.taken_at is not None and at - leg.taken_at >= SHORTEST_TALK:
            talked(session, rules, state, leg, at)
            have_talked = have_talked or not _may_have_waited(leg, at)
            continue
        if leg.taken_at is not None:
            legs.end(session, leg.id, LegOutcome.CALLER_GONE, at)
        _say_caller_rang_off(session, rules, state, leg, at)
    return have_talked


def _may_have_waited(leg: LegState, at: datetime) -> bool:
    """Whether who was rung with all the others may have got no caller before this moment.

    The network tells more of it soon: if they have talked, nothing is owed any more.
    """
    return (
        leg.placed_at is not None
        and leg.taken_at is not None
        and at - leg.taken_at < PUT_THROUGH_WITHIN
    )


def _owe_the_caller(
    session: Session, rules: Rules, state: CallState, at: datetime, *, have_talked: bool
) -> None:
    if state.request_id is None or state.line_id is None or state.is_callback:
        return
    if state.request_kind is Kind.OFFER:
        _to_the_caller(session, rules, state, "offer_thanks", at)
        return
    if not have_talked:
        # They hung up before anybody came: who pressed a key is rung back, the others asked about.
        callbacks.owe_for_call(session, rules, state, at, decided=state.pressed_key)
    _to_the_caller(session, rules, state, "follow_up_caller", at)
    _ask_next_morning(
        session,
        rules,
        state.request_id,
        _code(session, state),
        To(state.line_id, state.caller_number, state.language),
        state.line_name,
        state.timezone,
        at,
    )


def leg_failed(session: Session, leg: LegState, at: datetime) -> None:
    """A volunteer's telephone was tried in vain: for a callback, the next one is rung at once.

    Where they had asked for it themselves, nobody else is; what was owed is owed as before.
    """
    state = calls.by_id(session, leg.call_id)
    if state.asked_by_id is not None:
        calls.end(session, state.id, CallStatus.NO_ANSWER, at)
    elif state.callback_id is not None:
        callbacks.next_at_once(session, state.callback_id, at)


def not_reached(
    session: Session, rules: Rules, state: CallState, leg: LegState, at: datetime
) -> None:
    """A volunteer took a callback, and nobody answered it. Told twice, it counts once.

    It does not count where the neighbour, tired of waiting, is ringing us at this very moment.
    """
    if legs.end(session, leg.id, LegOutcome.CALLER_GONE, at):
        calls.end(session, state.id, CallStatus.NO_ANSWER, at)
        if state.callback_id is None:
            return
        if calls.is_on_the_line(session, state.caller_id, at):
            callbacks.try_again(session, state.callback_id, at + callbacks.AGAIN_WHEN_ON_THE_LINE)
        else:
            hours = rules.hours(state.timezone, state.holidays)
            callbacks.nobody_answered(session, rules, state.callback_id, hours, at)


def volunteer_left(
    session: Session, rules: Rules, state: CallState, leg: LegState, at: datetime
) -> None:
    """Who took a callback has put the receiver down: after a talk, or before anybody answered."""
    if leg.ended_at is not None or state.ended_at is not None:
        return
    if state.answered and leg.taken_at is not None:
        seconds = int((at - leg.taken_at).total_seconds())
        talked(session, rules, state, leg, at, seconds)
    else:
        left_before_a_word(session, state, leg, at)


def left_before_a_word(session: Session, state: CallState, leg: LegState, at: datetime) -> None:
    """Who took a callback has put the receiver down, and the two were never put through.

    The neighbour may have picked up, and heard who rings. Then it was taken for a talk, if the end
    of the volunteer's call was told first, and what counted as kept is owed again.
    """
    if legs.end(session, leg.id, LegOutcome.NOT_TAKEN, at):
        calls.release(session, state.id, leg.id)
        calls.hung_up_on(session, state.id)
        leg_failed(session, leg, at)
    elif legs.was_no_talk(session, leg.id):
        calls.was_no_talk(session, state.id)
        if state.callback_id is not None:
            callbacks.was_not_kept(session, state.callback_id, at)


def _say_caller_rang_off(
    session: Session, rules: Rules, state: CallState, leg: LegState, at: datetime
) -> None:
    """Only to somebody who had picked up: a telephone that stopped ringing explains itself."""
    if leg.picked_up_at is None or state.line_id is None:
        return
    texts.promise(
        session,
        rules.words,
        Purpose.NOTICE,
        "caller_rang_off",
        To(state.line_id, leg.number, first_language(leg.languages)),
        at,
        about=About(state.request_id, state.id, leg.volunteer_id),
        once=f"rang_off:leg:{leg.id}",
        group=state.whose,
    )


def _to_the_caller(
    session: Session, rules: Rules, state: CallState, prompt: str, at: datetime
) -> None:
    """Once a call, and only to a caller who can be texted."""
    if state.line_id is None:
        return
    texts.promise(
        session,
        rules.words,
        Purpose.FOLLOW_UP,
        prompt,
        To(state.line_id, state.caller_number, state.language),
        at,
        about=About(state.request_id, state.id),
        once=f"follow_up:call:{state.id}",
        line=state.line_name,
        code=_code(session, state),
    )


def _code(session: Session, state: CallState) -> str:
    """The code of a call's request; it is looked up where only the id is known yet."""
    return state.request_code or session.get_one(Request, state.request_id).code


def ask_next_morning(
    session: Session,
    rules: Rules,
    request: Request,
    to: To,
    line_name: str,
    zone: str | None,
    at: datetime,
) -> None:
    """Owe a caller the question whether the help arrived, once a request and morning."""
    _ask_next_morning(session, rules, request.id, request.code, to, line_name, zone, at)


def _ask_next_morning(
    session: Session,
    rules: Rules,
    request_id: int,
    code: str,
    to: To,
    line_name: str,
    zone: str | None,
    at: datetime,
) -> None:
    morning = next_morning(rules.hours(zone).zone, at, rules.config.texts.ask_next_morning_at)
    texts.promise(
        session,
        rules.words,
        Purpose.NEXT_MORNING,
        "next_morning",
        to,
        at,
        about=About(request_id),
        once=f"next_morning:request:{request_id}:{morning:%Y-%m-%d}",
        not_before=morning,
        line=line_name,
        code=code,
    )
