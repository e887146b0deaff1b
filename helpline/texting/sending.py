"""Texts on their way out: asked again whether they are wanted, sent once, looked up when unsure."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import exists, func, or_, select, update
from sqlalchemy.orm import Session

from helpline import alerts, audit, callers, hours, outbox, places, texts
from helpline.models import (
    AuditLine,
    Group,
    Line,
    Outcome,
    Purpose,
    Request,
    Text,
    TextStatus,
)
from helpline.request_states import IN_STATE, State
from helpline.rules import HOME_ZONE, Rules
from helpline.telephony import TextFound
from helpline.texting import gathering, thrift
from helpline.waiting import gap
from helpline.watching import canary

# A worker that took longer was killed in the middle: nobody knows whether the text went out.
STUCK_AFTER: Final = timedelta(seconds=60)
# A list of texts lags behind what was sent ("eventually consistent", twilio.com/docs/usage/api).
LOOK_UP_AFTER: Final = timedelta(seconds=30)
# With growing gaps, about three hours.
MOST_TRIES: Final = 20
# An answer that comes later is no longer an answer to a text just received.
ANSWERS_WITHIN: Final = timedelta(minutes=10)
# News that is no use to anybody in the morning.
_STALE_WHEN_PUT_OFF: Final = frozenset({"caller_rang_off", *canary.WORDS})


@dataclass(frozen=True, slots=True)
class Sending:
    """A text that this worker, and no other, is to send now, or to look up."""

    id: int
    from_number: str = field(repr=False)
    to_number: str = field(repr=False)
    body: str = field(repr=False)
    # What the text was promised under, if under anything.
    once: str | None = None
    # When a worker last handed it to the network without learning what became of it.
    unsure_since: datetime | None = None


def claim(session: Session, rules: Rules, text_id: int, at: datetime) -> Sending | None:
    """Take a text to send it or look it up; None where nothing is to be done, or not now."""
    found = session.execute(_WITH_PLACE.where(Text.id == text_id)).one_or_none()
    if found is None or found.Text.next_try_at is None or found.Text.next_try_at > at:
        return None
    text: Text = found.Text
    sending = Sending(text.id, _sender(rules, found), text.number, text.body, text.once)
    match text.status:
        case TextStatus.PROMISED:
            zone = ZoneInfo(found.timezone or HOME_ZONE)
            if not _is_wanted_now(session, rules, text, zone, at):
                return None
            # It may tell of more by now than it did when it was promised.
            sending = replace(sending, body=text.body)
            text.status, text.sending_at = TextStatus.SENDING, at
            text.tries += 1
        case TextStatus.SENDING | TextStatus.UNKNOWN:
            # Looked up first, whether a worker was killed or the network never answered.
            text.status = TextStatus.UNKNOWN
            sending = replace(sending, unsure_since=text.sending_at)
        case _:
            return None
    text.next_try_at = at + STUCK_AFTER
    text.nudged_at = at
    return sending


def _sender(rules: Rules, found: Any) -> str:
    """The number (E.164) that a text comes from: the line's, which may be what is broken."""
    test = rules.config.canary if found.Text.prompt in canary.WORDS else None
    number: str = found.number
    return (test.second_number if test is not None else None) or number


# By the clock of the group whose request it is about, or of the line's first one.
_WITH_PLACE = (
    select(Text, Line.number, Group.timezone)
    .join(Line, Line.id == Text.line_id)
    .outerjoin(Request, Request.id == Text.request_id)
    .outerjoin(Group, Group.id == func.coalesce(Request.group_id, places.FIRST_GROUP))
    .with_for_update(of=Text)
)


def _is_wanted_now(
    session: Session, rules: Rules, text: Text, zone: ZoneInfo, at: datetime
) -> bool:
    """What was promised is asked again: is it still wanted, and now?"""
    unwanted = _unwanted(session, rules, text, at)
    if unwanted is None and not _answers_just_now(text, at):
        awake_at = hours.ends_at(rules.quiet, zone, at)
        if awake_at > at and text.prompt not in _STALE_WHEN_PUT_OFF:
            text.next_try_at, text.nudged_at = awake_at, None
            return False
        unwanted = "stale" if awake_at > at else None
        later = thrift.put_off(session, rules, text, at) if unwanted is None else None
        if later is not None:
            text.next_try_at, text.nudged_at = later, None
            return False
    if unwanted is not None:
        _drop(text, unwanted, at)
    return unwanted is None


def _answers_just_now(text: Text, at: datetime) -> bool:
    return text.purpose is Purpose.REPLY and at - text.at <= ANSWERS_WITHIN


def _unwanted(session: Session, rules: Rules, text: Text, at: datetime) -> str | None:
    """Why a text is no longer wanted, in a word; None while it is."""
    if not rules.config.reach.allows(text.number):
        return "not_allowed"
    if callers.has_opted_out(session, text.number):
        return "opted_out"
    # A neighbour who also volunteers is still told about their own shifts and calls.
    is_to_caller = text.volunteer_id is None and not _answers_just_now(text, at)
    if is_to_caller and callers.wants_no_texts(session, text.number):
        return "no_texts"
    if text.purpose is Purpose.OUTCOME and text.answered_at is not None:
        return "answered"
    if text.purpose is Purpose.NEXT_MORNING and _caller_settled(session, text):
        return "settled"
    if text.purpose is Purpose.NEXT_MORNING and _ended_without_help(session, text):
        return "closed"
    if text.purpose is Purpose.ALERT and gathering.is_over(session, text):
        return "rung_back"
    return None


def _ended_without_help(session: Session, text: Text) -> bool:
    """Whether nobody came, and the caller knows: to ask whether help arrived would be unkind."""
    states = or_(IN_STATE[State.NOT_MET], IN_STATE[State.WITHDRAWN])
    ended = select(Request.id).where(Request.id == text.request_id, states)
    return session.scalar(ended) is not None


def _caller_settled(session: Session, text: Text) -> bool:
    """Whether the caller has said, since this question was promised, how it went."""
    said = exists().where(
        AuditLine.request_id == text.request_id,
        AuditLine.event.in_([f"outcome_{outcome}" for outcome in Outcome]),
        AuditLine.volunteer_id.is_(None),
        AuditLine.at >= text.at,
    )
    return bool(session.scalar(select(said)))


def _drop(text: Text, why: str, at: datetime) -> None:
    text.status, text.dropped_because = TextStatus.DROPPED, why
    text.next_try_at, text.ended_at = None, at


def sent(session: Session, text_id: int, message_sid: str, at: datetime) -> None:
    """The network took the text."""
    texts.move_forward(session, text_id, TextStatus.SENT, at, message_sid)


def try_later(session: Session, rules: Rules, text_id: int, at: datetime) -> None:
    """The network took nothing for now: the same again after a while, or the end of trying.

    A text that may have been sent stays one that is looked up first.
    """
    text = session.get(Text, text_id, with_for_update=True)
    if text is None or text.status not in (TextStatus.SENDING, TextStatus.UNKNOWN):
        return
    if text.tries >= MOST_TRIES:
        refused(session, rules, text_id, None, at)
        return
    if text.status is TextStatus.SENDING:
        text.status = TextStatus.PROMISED
    else:
        text.tries += 1
    text.next_try_at, text.nudged_at = at + gap(text.tries, rules.chance), None


def refused(session: Session, rules: Rules, text_id: int, code: int | None, at: datetime) -> None:
    """The network will never send it: that is written down, and a coordinator told."""
    if texts.move_forward(session, text_id, TextStatus.FAILED, at, error_code=code):
        alerts.text_fared(session, rules, text_id, TextStatus.FAILED, at)


def opted_out(session: Session, rules: Rules, text_id: int, at: datetime) -> None:
    """They told the network STOP, and we had not heard: nothing is sent to them from now on."""
    text = session.get(Text, text_id, with_for_update=True)
    if text is None or text.status is not TextStatus.SENDING:
        return
    _drop(text, "opted_out", at)
    if text.prompt not in canary.WORDS:
        # They said it to the second number, not to the line.
        alerts.stopped(session, rules, text.number, at)


def unsure(session: Session, text_id: int, at: datetime) -> None:
    """No answer came: it may be on its way, and is looked up when the network's lists know it."""
    session.execute(
        update(Text)
        .where(Text.id == text_id, Text.status == TextStatus.SENDING)
        .values(status=TextStatus.UNKNOWN, next_try_at=at + LOOK_UP_AFTER, nudged_at=None)
    )


def looked_up(
    session: Session, rules: Rules, sending: Sending, candidates: list[TextFound], at: datetime
) -> None:
    """What the network's list says of a text that may have been sent.

    One that it does not know was never taken: it is sent now. The same words may have gone out for
    another text, whose sid is written down.
    """
    known = set(
        session.scalars(
            select(Text.message_sid).where(
                Text.message_sid.in_([each.message_sid for each in candidates])
            )
        )
    )
    for each in candidates:
        if each.message_sid not in known:
            status = each.status or TextStatus.SENT
            if texts.move_forward(session, sending.id, status, at, each.message_sid):
                audit.write(session, "text_looked_up", at, detail="it had been sent")
                alerts.text_fared(session, rules, sending.id, status, at)
            return
    text = session.get(Text, sending.id, with_for_update=True)
    if text is None or text.status is not TextStatus.UNKNOWN:
        return
    if text.tries >= MOST_TRIES:
        refused(session, rules, text.id, None, at)
        return
    text.status, text.next_try_at, text.nudged_at = TextStatus.PROMISED, at, at
    outbox.promise(session, texts.SEND, text.id)
