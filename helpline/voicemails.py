"""Voicemails: written down when they are spoken, fetched and kept, forgotten at the provider."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import and_, exists, literal, or_, select, update
from sqlalchemy.orm import Session

from helpline import alerts, audit, callbacks, outbox, places, shifts, texts, volunteers
from helpline.database import UtcDateTime
from helpline.models import (
    Call,
    Kind,
    Purpose,
    Recording,
    Request,
    Text,
    Voicemail,
    VoicemailStatus,
    Volunteer,
)
from helpline.rules import Rules
from helpline.sound import SHORTEST_MESSAGE_SECONDS, somebody_speaks
from helpline.telephony import Audio
from helpline.texts import About, To
from helpline.upsert import insert_once
from helpline.volunteers import first_language
from helpline.waiting import gap

FETCH: Final = "queue_workers.jobs.fetch_voicemail"
# A worker that took longer was killed in the middle.
_STUCK_AFTER: Final = timedelta(seconds=60)
# With growing gaps, about three hours.
MOST_TRIES: Final = 20


def keep(
    session: Session,
    *,
    call_id: int,
    request_id: int | None,
    recording_sid: str,
    seconds: int,
    notice_said: bool = False,
    at: datetime,
) -> int | None:
    """Write a voicemail down and owe its fetching; None if it is written down already.

    `notice_said`: they were told before how it is kept.
    """
    voicemail_id = insert_once(
        session,
        Voicemail,
        {
            "call_id": call_id,
            "request_id": request_id,
            "recording_sid": recording_sid,
            "seconds": seconds,
            "notice_said": notice_said,
            "status": VoicemailStatus.AT_PROVIDER,
            "recorded_at": at,
            "next_try_at": at,
            "nudged_at": at,
            "tries": 0,
        },
        "recording_sid",
    )
    if voicemail_id is not None:
        outbox.promise(session, FETCH, voicemail_id)
    return voicemail_id


def is_kept(session: Session, recording_sid: str) -> bool:
    """Whether this voicemail is written down already."""
    return bool(session.scalar(select(exists().where(Voicemail.recording_sid == recording_sid))))


@dataclass(frozen=True, slots=True)
class Fetching:
    """A voicemail that this worker, and no other, is to fetch (if need be) and have forgotten."""

    id: int
    recording_sid: str
    # It is here, or is not to be any more.
    needs_no_fetching: bool


def claim(session: Session, voicemail_id: int, at: datetime) -> Fetching | None:
    """Take a voicemail to fetch it; None where there is nothing to be done, or not now."""
    voicemail = session.get(Voicemail, voicemail_id, with_for_update=True)
    if voicemail is None or voicemail.next_try_at is None or voicemail.next_try_at > at:
        return None
    voicemail.tries += 1
    voicemail.next_try_at, voicemail.nudged_at = at + _STUCK_AFTER, at
    needs_no_fetching = voicemail.status is VoicemailStatus.FETCHED or voicemail.erased_at
    return Fetching(voicemail.id, voicemail.recording_sid, bool(needs_no_fetching))


def fetched(session: Session, rules: Rules, voicemail_id: int, audio: Audio, at: datetime) -> None:
    """Here is its audio: it is kept, and whoever should listen to it is told, once."""
    values = {
        "voicemail_id": voicemail_id,
        "content_type": audio.content_type[:40],
        "audio": audio.content,
    }
    voicemail = session.get_one(Voicemail, voicemail_id, with_for_update=True)
    if voicemail.erased_at is not None:
        # Forgotten while it was being fetched: it is only to be deleted.
        return
    insert_once(session, Recording, values, "voicemail_id")
    if voicemail.status is VoicemailStatus.AT_PROVIDER:
        voicemail.status, voicemail.tries = VoicemailStatus.FETCHED, 0
        if voicemail.request_id is not None:
            _heard(session, rules, voicemail, voicemail.request_id, audio, at)


def _heard(
    session: Session,
    rules: Rules,
    voicemail: Voicemail,
    request_id: int,
    audio: Audio,
    at: datetime,
) -> None:
    """Tell whoever should listen, unless nobody said a word."""
    if voicemail.seconds >= SHORTEST_MESSAGE_SECONDS and somebody_speaks(audio.content):
        _tell(session, rules, voicemail, session.get_one(Request, request_id), at)
        return
    audit.write(session, "voicemail_silent", at, request_id=request_id)
    call = session.get_one(Call, voicemail.call_id)
    if not call.pressed_key:
        callbacks.leave_undecided(session, request_id, since=call.started_at)


def forgotten(session: Session, voicemail_id: int) -> None:
    """The provider's copy is gone: ours is the only one."""
    voicemail = session.get_one(Voicemail, voicemail_id, with_for_update=True)
    voicemail.status, voicemail.next_try_at = VoicemailStatus.KEPT, None


def try_later(session: Session, rules: Rules, voicemail_id: int, at: datetime) -> None:
    """It could not be fetched, or not be forgotten: again after a while, or the end of trying."""
    voicemail = session.get_one(Voicemail, voicemail_id, with_for_update=True)
    if voicemail.next_try_at is None:
        return
    if voicemail.tries < MOST_TRIES:
        voicemail.next_try_at = at + gap(voicemail.tries, rules.chance)
        voicemail.nudged_at = None
        return
    voicemail.next_try_at = None
    if voicemail.status is VoicemailStatus.FETCHED or voicemail.erased_at is not None:
        # By night it is tried again, see `not_deleted`.
        audit.write(session, "recording_not_deleted", at, request_id=voicemail.request_id)
        _alert(session, rules, voicemail, "alert_recording_not_deleted", at)
        return
    voicemail.status = VoicemailStatus.LOST
    audit.write(session, "voicemail_lost", at, request_id=voicemail.request_id)
    _alert(session, rules, voicemail, "alert_voicemail_lost", at)


def _alert(session: Session, rules: Rules, voicemail: Voicemail, prompt: str, at: datetime) -> None:
    """The coordinators are told, once."""
    if voicemail.request_id is not None:
        request = session.get_one(Request, voicemail.request_id)
        once = f"{prompt}:voicemail:{voicemail.id}"
        alerts.tell_coordinators(session, rules, request, prompt, at, once=once)


def have_deleted(session: Session, which: Sequence[int], at: datetime) -> None:
    """Owe that these (ids), which are not to be fetched any more, are deleted at the provider."""
    owed = update(Voicemail).where(
        Voicemail.id.in_(which), Voicemail.status != VoicemailStatus.KEPT
    )
    for voicemail_id in session.scalars(
        owed.values(next_try_at=at, nudged_at=at, tries=0).returning(Voicemail.id)
    ).all():
        outbox.promise(session, FETCH, voicemail_id)


def not_deleted(session: Session, most: int) -> Sequence[int]:
    """Those (ids) that the provider may still have though they are here, or gone from here."""
    not_there = or_(
        Voicemail.status == VoicemailStatus.FETCHED,
        and_(Voicemail.erased_at.is_not(None), Voicemail.status != VoicemailStatus.KEPT),
    )
    asked = select(Voicemail.id).where(Voicemail.next_try_at.is_(None), not_there)
    return session.scalars(asked.order_by(Voicemail.id).limit(most)).all()


def _tell(
    session: Session, rules: Rules, voicemail: Voicemail, request: Request, at: datetime
) -> None:
    """The volunteers on shift; the coordinators for an offer, or while nobody is on to take it."""
    zones = places.zones(session, request.line_id)
    if request.group_id is not None:
        zones = {group: zone for group, zone in zones.items() if group == request.group_id}
    told = [] if request.kind is Kind.OFFER else _who_listen(session, zones, at)
    for volunteer in told or _coordinators(session, list(zones), request):
        texts.promise(
            session,
            rules.words,
            Purpose.NOTICE,
            "voicemail_new",
            To(request.line_id, volunteer.number, first_language(volunteer.languages)),
            at,
            about=About(request.id, voicemail.call_id, volunteer.id),
            once=f"voicemail:{voicemail.id}:to:{volunteer.id}",
            group=alerts.whose(session, request),
            code=request.code,
        )


def _coordinators(
    session: Session, group_ids: Collection[int], request: Request
) -> list[Volunteer]:
    """Those who run these groups, and were not told of it already, as of a hidden number's."""
    alerted = select(Text.volunteer_id).where(
        Text.request_id == request.id, Text.prompt == "alert_withheld"
    )
    know = set(session.scalars(alerted))
    found = volunteers.coordinators(session, group_ids)
    return [each for each in found if each.id not in know]


def _who_listen(session: Session, zones: Mapping[int, str], at: datetime) -> list[Volunteer]:
    """Those on shift in these groups (id -> time zone's name) who take calls."""
    on_shift = shifts.volunteers_on_shift(session, zones, at)
    return list(
        session.scalars(
            select(Volunteer)
            .where(
                Volunteer.id.in_(on_shift),
                volunteers.may_be_rung(literal(at, type_=UtcDateTime())),
                volunteers.is_inducted(list(zones)),
            )
            .order_by(Volunteer.id)
        )
    )
