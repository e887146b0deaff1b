"""Everything that is known of one person, gathered to be handed to them (`exported_files`).

Their own numbers and words, and what became of them. Not who of us wrote or did what: that is
somebody else's to know.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, cast

from sqlalchemy import ColumnElement, or_, select, true
from sqlalchemy.orm import Session

from helpline import audit
from helpline.models import (
    Block,
    Call,
    Callback,
    Caller,
    Group,
    InductionTick,
    Leave,
    Leg,
    Line,
    Membership,
    Note,
    OptOut,
    Pattern,
    PatternVolunteer,
    Recording,
    Request,
    RotaChange,
    SignInCode,
    Text,
    Visit,
    Voicemail,
    Volunteer,
)
from helpline.privacy import whole_person
from helpline.privacy.whole_person import Person

_SOUNDS: Final = {"audio/x-wav": "wav", "audio/wav": "wav", "audio/mpeg": "mp3"}


@dataclass(frozen=True, slots=True)
class Exported:
    """All of it, by names, and the sound of voicemails by the names of their files."""

    everything: dict[str, Any] = field(repr=False)
    sounds: dict[str, bytes] = field(repr=False)


def export(
    session: Session, person: Person, at: datetime, *, by_id: int | None, group_id: int | None
) -> Exported:
    """Everything, or as far as a group (`group_id`) sees it; that it was is on record. UTC."""
    requests = session.scalars(whole_person.requests_of(person, group_id)).all()
    calls = session.scalars(whole_person.calls_of(person, group_id)).all()
    voicemails, sounds = _voicemails(session, requests, calls)
    # A card is one for all groups, but not for a group that they have never rung.
    sees_caller = group_id is None or bool(requests) or bool(calls)
    everything = {
        "made_at": at,
        "times": "UTC",
        "number": person.number,
        "said_stop_at": session.scalar(
            select(OptOut.opted_out_at).where(OptOut.number == person.number)
        ),
        "caller": _caller(session, person, group_id) if sees_caller else None,
        "volunteer": _volunteer(session, person, group_id),
        "requests": _requests(session, requests),
        "calls": _rows(session, _CALLS.where(Call.id.in_(calls)).order_by(Call.id)),
        "texts": _rows(
            session, _TEXTS.where(whole_person.texts_of(person, group_id)).order_by(Text.id)
        ),
        "voicemails": voicemails,
    }
    who = person.volunteer_id
    audit.write(session, "person_exported", at, volunteer_id=who, by_id=by_id, group_id=group_id)
    return Exported(everything, sounds)


_CALLS: Final = select(
    Call.id,
    Line.name.label("line"),
    Call.direction,
    Call.status,
    Call.started_at,
    Call.ended_at,
    Call.talked_seconds,
    Call.language,
).outerjoin(Line, Line.id == Call.line_id)
_TEXTS: Final = select(
    Text.direction, Text.at, Text.number, Text.body, Text.status, Text.ended_at, Text.request_id
)
_REQUESTS: Final = (
    select(
        Request.id,
        Request.code,
        Request.kind,
        Line.name.label("line"),
        Group.name.label("group"),
        Request.opened_at,
        Request.closed_at,
        Request.due_at,
        Request.category,
        Request.urgency,
        Request.outcome,
        Request.not_met_because,
    )
    .join(Line, Line.id == Request.line_id)
    .outerjoin(Group, Group.id == Request.group_id)
)


def _caller(session: Session, person: Person, group_id: int | None) -> dict[str, Any] | None:
    """What they chose once, their card, and whether they were turned away, as far as a group sees
    it."""
    if person.caller_id is None:
        return None
    caller = session.get_one(Caller, person.caller_id)
    blocks = select(Block.blocked_at, Block.until, Block.reason).where(Block.caller_id == caller.id)
    if group_id is not None:
        blocks = blocks.where(or_(Block.group_id.is_(None), Block.group_id == group_id))
    return {
        "first_heard_at": caller.first_heard_at,
        "language": caller.language,
        "group": session.get_one(Group, caller.group_id).name if caller.group_id else None,
        "likes_to_be_called": caller.called,
        "hard_of_hearing": caller.hard_of_hearing,
        "no_messages": caller.no_messages,
        "no_texts": caller.no_texts,
        "agreed": caller.approach,
        "blocks": _rows(session, blocks.order_by(Block.id)),
    }


def _requests(session: Session, ids: Sequence[int]) -> list[dict[str, Any]]:
    """What they asked for and offered, with what was noted and promised."""
    found = _rows(session, _REQUESTS.where(Request.id.in_(ids)).order_by(Request.id))
    notes = select(Note.written_at, Note.words).order_by(Note.id)
    promised = select(
        Callback.asked_at, Callback.due_at, Callback.status, Callback.tries, Callback.ended_at
    ).order_by(Callback.id)
    for each in found:
        each["notes"] = _rows(session, notes.where(Note.request_id == each["id"]))
        each["callbacks"] = _rows(session, promised.where(Callback.request_id == each["id"]))
    return found


def _voicemails(
    session: Session, requests: Sequence[int], calls: Sequence[int]
) -> tuple[list[dict[str, Any]], dict[str, bytes]]:
    """Their messages, and the sound of those that is here, by file."""
    theirs = or_(Voicemail.request_id.in_(requests), Voicemail.call_id.in_(calls))
    told, sounds = [], {}
    for left, sound in session.execute(
        select(Voicemail, Recording)
        .outerjoin(Recording, Recording.voicemail_id == Voicemail.id)
        .where(theirs)
        .order_by(Voicemail.id)
    ):
        file = None
        if sound is not None:
            file = f"voicemails/{left.id}.{_SOUNDS.get(sound.content_type, 'wav')}"
            sounds[file] = sound.audio
        told.append(
            {
                "recorded_at": left.recorded_at,
                "seconds": left.seconds,
                "told_how_it_is_kept": left.notice_said,
                "request_id": left.request_id,
                "file": file,
            }
        )
    return told, sounds


def _volunteer(session: Session, person: Person, group_id: int | None) -> dict[str, Any] | None:
    """Who they are among us, when they are on, and when they were rung or signed in."""
    if person.volunteer_id is None:
        return None
    volunteer = session.get_one(Volunteer, person.volunteer_id)
    return {
        "name": volunteer.name,
        "languages": volunteer.languages,
        "lives": volunteer.area,
        "can_do": volunteer.can_do,
        "paused_until": volunteer.paused_until,
        **{
            name: _rows(session, asked)
            for name, asked in _of_volunteer(person.volunteer_id, group_id).items()
        },
    }


def _of_volunteer(volunteer_id: int, group_id: int | None) -> dict[str, Any]:
    def of_group(column: Any) -> ColumnElement[bool]:
        return true() if group_id is None else cast("ColumnElement[bool]", column == group_id)

    return {
        "groups": select(Group.name, Membership.coordinator, Membership.joined_at)
        .join(Membership, Membership.group_id == Group.id)
        .where(Membership.volunteer_id == volunteer_id, of_group(Group.id)),
        "induction": select(InductionTick.step, InductionTick.ticked_at).where(
            InductionTick.volunteer_id == volunteer_id, of_group(InductionTick.group_id)
        ),
        "shifts": select(
            Pattern.days, Pattern.starts_at, Pattern.ends_at, Pattern.starts_on, Pattern.ends_on
        )
        .join(PatternVolunteer, PatternVolunteer.pattern_id == Pattern.id)
        .where(
            PatternVolunteer.volunteer_id == volunteer_id,
            Pattern.void.is_(False),
            of_group(Pattern.group_id),
        )
        .order_by(Pattern.id),
        "changed_shifts": select(RotaChange.kind, RotaChange.on_date, RotaChange.made_at)
        .where(
            or_(RotaChange.volunteer_id == volunteer_id, RotaChange.instead_of_id == volunteer_id),
            RotaChange.void.is_(False),
            of_group(RotaChange.group_id),
        )
        .order_by(RotaChange.id),
        "leave": select(Leave.first_on, Leave.last_on).where(Leave.volunteer_id == volunteer_id),
        "rung": select(Leg.rung_at, Leg.picked_up_at, Leg.taken_at, Leg.ended_at, Leg.outcome)
        .where(Leg.volunteer_id == volunteer_id)
        .order_by(Leg.id),
        "notes_written": select(Note.written_at).where(Note.volunteer_id == volunteer_id),
        "codes_to_sign_in": select(SignInCode.sent_by, SignInCode.made_at, SignInCode.used_at)
        .where(SignInCode.volunteer_id == volunteer_id)
        .order_by(SignInCode.id),
        "signed_in": select(Visit.browser, Visit.began_at, Visit.seen_at, Visit.ended_at)
        .where(Visit.volunteer_id == volunteer_id)
        .order_by(Visit.id),
    }


def _rows(session: Session, asked: Any) -> list[dict[str, Any]]:
    return [dict(row._mapping) for row in session.execute(asked)]
