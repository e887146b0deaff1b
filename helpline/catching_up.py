"""What the phone network had while nothing of ours answered: written down after all.

A webhook that nobody answered is not sent again. So the network is asked, every half minute and for
all numbers at once, for calls, texts and recordings. What we know is left as it is, but for calls
that are over there and go on here.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from helpline import alerts, audit, callbacks, calls, outbox, requests, texts, voicemails
from helpline.models import Call, Kind, Line, Text, Voicemail
from helpline.phone_numbers import caller_id
from helpline.rules import Rules
from helpline.sound import SHORTEST_MESSAGE_SECONDS
from helpline.telephones import checking, incoming
from helpline.telephony import CallFound, CallSeen, RecordingSeen, TextSeen
from helpline.watching import canary, heartbeats

CATCH_UP: Final = "queue_workers.jobs.catch_up"
# The network waits 15 s for our answer: what is younger may still be on its way to us.
SETTLED_AFTER: Final = timedelta(seconds=20)
# The network's lists lag behind ("eventually consistent", twilio.com/docs/usage/api).
_LOOK_BACK: Final = timedelta(minutes=5)
# After a longer absence somebody asks the provider's console; its lists are long.
_AT_MOST: Final = timedelta(days=7)


# As far as this (by the network's clock: ours may be set wrong, or be set right) we know all.
_CAUGHT_UP: Final = "caught up"


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines whose calls and texts are asked for, from `since` on; `until` then we know all.

    `ours_since`: since when each number (E.164) is a line of ours; what was before is not ours.
    """

    ours_since: Mapping[str, datetime] = field(repr=False)
    since: datetime
    until: datetime


def promise(session: Session) -> None:
    """Have a worker ask; the network is asked once for all lines, so any line's number will do."""
    line_id = session.scalar(select(func.min(Line.id)))
    if line_id is not None:
        outbox.promise(session, CATCH_UP, line_id)


def begin(session: Session, at: datetime) -> Lines | None:
    """What to ask for; None where nothing is known yet of when we began to listen."""
    known = heartbeats.all_seen(session)
    numbers = session.execute(select(Line.id, Line.number)).all()
    for name in (_CAUGHT_UP, *(_ours(line_id) for line_id, _ in numbers)):
        if name not in known:
            heartbeats.beat(session, name, at)
    if _CAUGHT_UP not in known:
        return None
    ours = {
        number: known[_ours(line_id)] - _LOOK_BACK
        for line_id, number in numbers
        if _ours(line_id) in known
    }
    until = known[_CAUGHT_UP]
    return Lines(ours, max(until - _LOOK_BACK, at - _AT_MOST), until)


def done(
    session: Session, lines: Lines, calls: Iterable[CallSeen], texts: Iterable[TextSeen]
) -> None:
    """All of these are written down, and whatever came before the last of them."""
    last = max(
        (*(each.began_at for each in calls), *(each.at for each in texts)), default=lines.until
    )
    if last > lines.until:
        heartbeats.beat(session, _CAUGHT_UP, last)


def _ours(line_id: int) -> str:
    return f"line {line_id} is ours"


def call(session: Session, rules: Rules, lines: Lines, seen: CallSeen, at: datetime) -> None:
    """A call that the network had: logged if it is not, ended if it is over.

    Who was not answered by us heard what the provider keeps, and perhaps talked to somebody there:
    a coordinator decides whether to ring them.
    """
    if seen.began_at > at - SETTLED_AFTER or canary.is_its_number(rules, seen.from_number):
        return
    if seen.to_number is not None and seen.began_at >= lines.since:
        _log(session, rules, seen, seen.to_number, at)
    state = calls.by_sid(session, seen.call_sid)
    if state is not None and state.ended_at is None:
        checking.found(session, rules, state.id, CallFound(seen.status, seen.ended_at), at)


def _log(session: Session, rules: Rules, seen: CallSeen, to_number: str, at: datetime) -> None:
    number = caller_id(seen.from_number)
    logged = incoming.log_call(session, seen.call_sid, number, to_number, seen.began_at)
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


def text(session: Session, seen: TextSeen) -> None:
    """A text to a line of ours that the network had: taken like any other, once."""
    assert seen.to_number is not None  # noqa: S101 - it came to us
    texts.receive(
        session,
        message_sid=seen.message_sid,
        to_number=seen.to_number,
        number=caller_id(seen.from_number) or seen.from_number[:40],
        body=seen.body,
        media_count=seen.media_count,
        at=seen.at,
    )


def recording(session: Session, rules: Rules, seen: RecordingSeen, at: datetime) -> None:
    """A message that the network still has: kept, and whoever spoke it is rung back.

    One so short that nobody spoke is no message; it is here only so that it is deleted there.
    """
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
    if seen.seconds < SHORTEST_MESSAGE_SECONDS:
        return
    callbacks.owe_for_call(session, rules, state, at, decided=True)
    if state.caller_id is None:
        alerts.message_without_number(session, rules, state, at)


def news_of_calls(session: Session, lines: Lines, seen: Iterable[CallSeen]) -> list[CallSeen]:
    """Those of these calls to us that are not written down, or go on here and are over there."""
    came_in = [each for each in seen if _is_ours(lines, each.to_number, each.began_at)]
    sids = [each.call_sid for each in came_in]
    asked = select(Call.call_sid, Call.ended_at).where(Call.call_sid.in_(sids))
    known = {call.call_sid: call.ended_at for call in session.execute(asked)}
    return [
        each
        for each in came_in
        if each.call_sid not in known or (known[each.call_sid] is None and each.status is not None)
    ]


def unknown_texts(session: Session, lines: Lines, seen: Iterable[TextSeen]) -> list[TextSeen]:
    """Those of these texts to us that are not written down, the oldest first."""
    came_in = [each for each in seen if _is_ours(lines, each.to_number, each.at)]
    sids = [each.message_sid for each in came_in]
    known = set(session.scalars(select(Text.message_sid).where(Text.message_sid.in_(sids))))
    return sorted((each for each in came_in if each.message_sid not in known), key=lambda t: t.at)


def _is_ours(lines: Lines, to_number: str | None, at: datetime) -> bool:
    since = lines.ours_since.get(to_number or "")
    return since is not None and at >= since


def unknown_recordings(session: Session, seen: Collection[RecordingSeen]) -> list[RecordingSeen]:
    """Those of these recordings that are not written down."""
    sids = [each.recording_sid for each in seen]
    asked = select(Voicemail.recording_sid).where(Voicemail.recording_sid.in_(sids))
    known = set(session.scalars(asked))
    return [each for each in seen if each.recording_sid not in known]
