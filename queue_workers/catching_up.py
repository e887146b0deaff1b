"""Asks the network what it had while nothing of ours answered, and has it written down."""

from helpline import catching_up
from helpline.catching_up import Watched
from helpline.telephony import NotThere, Refused, TryLater
from queue_workers.house import House


def catch_up(house: House, line: Watched) -> None:
    """Write down what is missing, each in a transaction of its own. Later, where it says no."""
    at = house.clock()
    network, database = house.telephony, house.database
    try:
        calls = network.calls_to(line.number, line.since)
        texts = network.texts_to(line.number, line.since)
        recordings = network.recordings(line.since)
    except (NotThere, Refused, TryLater):
        return
    with database.reading() as session:
        news = catching_up.news_of_calls(session, calls)
        unknown = catching_up.unknown_texts(session, texts)
        recordings = catching_up.unknown_recordings(session, recordings)
    for call in news:
        with database.unit_of_work() as session:
            catching_up.call(session, house.rules, line, call, at)
    for text in unknown:
        with database.unit_of_work() as session:
            catching_up.text(session, line, text)
    for recording in recordings:
        with database.unit_of_work() as session:
            catching_up.recording(session, house.rules, recording, at)
    with database.unit_of_work() as session:
        catching_up.done(session, line, calls, texts)
