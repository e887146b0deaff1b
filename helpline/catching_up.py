"""What the phone network had while nothing of ours answered: written down after all.

A webhook that nobody answered is not sent again. So the network is asked, every half minute, for
the calls, texts and recordings of each line; what we know is left as it is, but for calls that are
over there and go on here.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline import (
    alerts,
    audit,
    callbacks,
    calls,
    checking,
    incoming,
    outbox,
    requests,
    texts,
    voicemails,
)
from helpline.models import Call, Heartbeat, Kind, Line, Text, Voicemail
from helpline.phone_numbers import caller_id
from helpline.rules import Rules
from helpline.telephony import CallFound, CallSeen, RecordingSeen, TextSeen
from helpline.watching import canary, heartbeats

CATCH_UP: Final = "queue_workers.jobs.catch_up"
# The network waits 15 s for our answer: what is younger may still be on its way to us.
SETTLED_AFTER: Final = timedelta(seconds=20)
# The network's lists lag behind ("eventually consistent", twilio.com/docs/usage/api).
_LOOK_BACK: Final = timedelta(minutes=5)
# After a longer absence somebody asks the provider's console; its lists are long.
_AT_MOST: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Watched:
    """A line whose calls and texts are to be asked for, from `since` on; `until` then we know all.

    Both are UTC, by the network's clock: ours may be set wrong, or be set right.
    """

    id: int
    number: str = field(repr=False)
    since: datetime
    until: datetime


def promise(session: Session) -> None:
    """Have a worker ask for every line."""
    for line_id in session.scalars(select(Line.id)):
        outbox.promise(session, CATCH_UP, line_id)


def begin(session: Session, line_id: int, at: datetime) -> Watched | None:
    """What to ask for; None for a line that is new to us, whose past is not ours."""
    number = session.scalar(select(Line.number).where(Line.id == line_id))
    if number is None:
        return None
    until = session.scalar(select(Heartbeat.seen_at).where(Heartbeat.name == _name(line_id)))
    if until is None:
        heartbeats.beat(session, _name(line_id), at)
        return None
    return Watched(line_id, number, max(until - _LOOK_BACK, at - _AT_MOST), until)


def done(
    session: Session, line: Watched, calls: Iterable[CallSeen], texts: Iterable[TextSeen]
) -> None:
    """All of these are written down, and whatever came before the last of them."""
    last = max(
        (*(each.began_at for each in calls), *(each.at for each in texts)), default=line.until
    )
    if last > line.until:
        heartbeats.beat(session, _name(line.id), last)


def _name(line_id: int) -> str:
    return f"caught up with line {line_id}"


def call(session: Session, rules: Rules, line: Watched, seen: CallSeen, at: datetime) -> None:
    """A call that the network had: logged if it is not, ended if it is over.

    Who was not answered by us heard what the provider keeps, and perhaps talked to somebody there:
    a coordinator decides whether to ring them.
    """
    if seen.began_at > at - SETTLED_AFTER or canary.is_its_number(rules, seen.from_number):
        return
    if seen.began_at >= line.since:
        _log(session, rules, line, seen, at)
    state = calls.by_sid(session, seen.call_sid)
    if state is not None and state.ended_at is None:
        checking.found(session, rules, state.id, CallFound(seen.status, seen.ended_at), at)


def _log(session: Session, rules: Rules, line: Watched, seen: CallSeen, at: datetime) -> None:
    number = caller_id(seen.from_number)
    logged = incoming.log_call(session, seen.call_sid, number, line.number, seen.began_at)
    state = calls.by_sid(session, seen.call_sid) if logged else None
    if logged is None or state is None or state.line_id is None or logged.is_blocked:
        return
    request_id = state.open_ask_id
    if request_id is None:
        request_id, _ = requests.open_request(
            session,
            kind=Kind.ASK,
            line_id=state.line_id,
            group_id=state.group_id,
            caller_id=state.caller_id,
            at=seen.began_at,
            chance=rules.chance,
        )
    calls.remember(session, state, state._replace(request_id=request_id))
    audit.write(session, "call_missed", at, request_id=request_id, call_id=state.id)


def text(session: Session, line: Watched, seen: TextSeen) -> None:
    """A text that the network had: taken like any other, once."""
    texts.receive(
        session,
        message_sid=seen.message_sid,
        to_number=line.number,
        number=caller_id(seen.from_number) or seen.from_number[:40],
        body=seen.body,
        media_count=seen.media_count,
        at=seen.at,
    )


def recording(session: Session, rules: Rules, seen: RecordingSeen, at: datetime) -> None:
    """A message that the network still has: kept, and whoever spoke it is rung back."""
    state = calls.by_sid(session, seen.call_sid)
    if state is None or state.line_id is None or seen.ended_at > at - SETTLED_AFTER:
        return
    kept = voicemails.keep(
        session,
        call_id=state.id,
        request_id=state.request_id,
        recording_sid=seen.recording_sid,
        seconds=seen.seconds,
        at=at,
    )
    if kept is None or state.request_id is None or state.request_kind is Kind.OFFER:
        return
    callbacks.owe(
        session,
        rules,
        state.request_id,
        at,
        timezone=state.timezone,
        closed_on=state.holidays,
        decided=state.caller_id is not None,
    )
    if state.caller_id is None:
        alerts.message_without_number(session, rules, state, at)


def news_of_calls(session: Session, seen: Collection[CallSeen]) -> list[CallSeen]:
    """Those of these calls that are not written down, or go on here and are over there."""
    sids = [each.call_sid for each in seen]
    asked = select(Call.call_sid, Call.ended_at).where(Call.call_sid.in_(sids))
    known = {call.call_sid: call.ended_at for call in session.execute(asked)}
    return [
        each
        for each in seen
        if each.call_sid not in known or (known[each.call_sid] is None and each.status is not None)
    ]


def unknown_texts(session: Session, seen: Collection[TextSeen]) -> list[TextSeen]:
    """Those of these texts that are not written down, the oldest first."""
    sids = [each.message_sid for each in seen]
    known = set(session.scalars(select(Text.message_sid).where(Text.message_sid.in_(sids))))
    return sorted((each for each in seen if each.message_sid not in known), key=lambda t: t.at)


def unknown_recordings(session: Session, seen: Collection[RecordingSeen]) -> list[RecordingSeen]:
    """Those of these recordings that are not written down."""
    sids = [each.recording_sid for each in seen]
    asked = select(Voicemail.recording_sid).where(Voicemail.recording_sid.in_(sids))
    known = set(session.scalars(asked))
    return [each for each in seen if each.recording_sid not in known]
