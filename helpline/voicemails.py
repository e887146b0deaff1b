"""Voicemails: written down when they are spoken, their audio fetched later."""

from datetime import datetime

from sqlalchemy.orm import Session

from helpline import outbox
from helpline.models import Voicemail, VoicemailStatus
from helpline.upsert import insert_once

FETCH = "queue_workers.jobs.fetch_voicemail"


def keep(
    session: Session,
    *,
    call_id: int,
    request_id: int | None,
    recording_sid: str,
    seconds: int,
    at: datetime,
) -> int | None:
    """Write a voicemail down and owe its fetching; None if it is written down already."""
    voicemail_id = insert_once(
        session,
        Voicemail,
        {
            "call_id": call_id,
            "request_id": request_id,
            "recording_sid": recording_sid,
            "seconds": seconds,
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
