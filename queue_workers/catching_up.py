"""Asks the network what it had while nothing of ours answered, and has it written down."""

from helpline import catching_up
from helpline.catching_up import Lines
from helpline.telephony import NotThere, Refused, TryLater
from queue_workers.house import House


def catch_up(house: House, lines: Lines) -> None:
    """Write down what is missing, each in a transaction of its own. Later, where it says no."""
    at = house.clock()
    network, database = house.telephony, house.database
    try:
        calls = network.calls(lines.since)
        texts = network.texts(lines.since)
        recordings = network.recordings(lines.since)
    except (NotThere, Refused, TryLater):
        return
    with database.reading() as session:
        news = catching_up.news_of_calls(session, lines, calls)
        unknown = catching_up.unknown_texts(session, lines, texts)
        recordings = catching_up.unknown_recordings(session, recordings)
    for call in news:
        with database.unit_of_work() as session:
            catching_up.call(session, house.rules, lines, call, at)
    for text in unknown:
        with database.unit_of_work() as session:
            catching_up.text(session, text)
    for recording in recordings:
        with database.unit_of_work() as session:
            catching_up.recording(session, house.rules, recording, at)
    with database.unit_of_work() as session:
        catching_up.done(session, lines, calls, texts)
