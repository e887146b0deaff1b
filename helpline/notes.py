"""Notes: what a volunteer or a coordinator writes down about a request, for whoever has it next."""

from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from helpline import audit
from helpline.models import Note
from helpline.sealing import search_index
from helpline.upsert import insert_once

# A long page of writing; whoever has more to say says it in two.
LONGEST: Final = 4000


def add(
    session: Session, request_id: int, volunteer_id: int, words: str, once: str, at: datetime
) -> bool:
    """Write a note down; False where this very form was here before.

    `words` are kept as they were typed, up to LONGEST letters; the audit log has none of them.
    """
    written = insert_once(
        session,
        Note,
        {
            "request_id": request_id,
            "volunteer_id": volunteer_id,
            "written_at": at,
            "words": words[:LONGEST],
            "once": once,
        },
        "once",
    )
    if written is not None:
        search_index.add(session, request_id, words[:LONGEST])
        audit.write(session, "note_written", at, request_id=request_id, by_id=volunteer_id)
    return written is not None
