"""Fetches a voicemail's audio, and has the provider forget it."""

from contextlib import suppress

from helpline import voicemails
from helpline.telephony import NotThere, Refused, TryLater
from helpline.voicemails import Fetching
from queue_workers.house import House


def fetch(house: House, voicemail: Fetching) -> None:
    """Have the audio here, and nowhere else. What fails is tried again later, from where it was."""
    try:
        if not voicemail.needs_no_fetching:
            audio = house.telephony.fetch_recording(voicemail.recording_sid)
            with house.database.unit_of_work() as session:
                voicemails.fetched(session, house.rules, voicemail.id, audio, house.clock())
        _have_forgotten(house, voicemail)
    except (NotThere, Refused, TryLater):
        with house.database.unit_of_work() as session:
            voicemails.try_later(session, house.rules, voicemail.id, house.clock())


def _have_forgotten(house: House, voicemail: Fetching) -> None:
    # Not there: a worker was killed before it could write down that it is forgotten.
    with suppress(NotThere):
        house.telephony.delete_recording(voicemail.recording_sid)
    with house.database.unit_of_work() as session:
        voicemails.forgotten(session, voicemail.id)
