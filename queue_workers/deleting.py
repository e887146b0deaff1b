"""Has the phone network delete from its own log what is forgotten here."""

from contextlib import suppress

from helpline.privacy import traces
from helpline.telephony import NotThere, Refused, TryLater
from queue_workers.house import House


def delete(house: House, trace_id: int, sid: str) -> None:
    """Once; what fails is tried again later. What is not there is deleted."""
    try:
        with suppress(NotThere):
            house.telephony.delete_trace(sid)
    except (Refused, TryLater):
        with house.database.unit_of_work() as session:
            traces.try_later(session, house.rules, trace_id, house.clock())
        return
    with house.database.unit_of_work() as session:
        traces.deleted(session, trace_id)
