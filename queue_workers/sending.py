"""Sends a text: claimed in one transaction, handed over with none open, written down in another."""

from datetime import timedelta

from helpline.telephony import OptedOut, Refused, TextFound, TryLater, Unknown
from helpline.texting import sending
from helpline.texting.sending import Sending
from queue_workers.house import House

# Our clock need not agree with the network's, and a text that is not found goes out twice.
_CLOCKS_DIFFER_BY = timedelta(minutes=15)


def send(house: House, text: Sending) -> None:
    """Hand a text to the network, and write down what it said."""
    try:
        message_sid = house.telephony.send_text(
            text.from_number,
            text.to_number,
            text.body,
            house.links.to("/texts/status", text=text.id),
        )
    except TryLater:
        with house.database.unit_of_work() as session:
            sending.try_later(session, house.rules, text.id, house.clock())
    except OptedOut:
        with house.database.unit_of_work() as session:
            sending.opted_out(session, house.rules, text.id, house.clock())
    except Refused as no:
        with house.database.unit_of_work() as session:
            sending.refused(session, house.rules, text.id, no.code, house.clock())
    except Unknown:
        with house.database.unit_of_work() as session:
            sending.unsure(session, text.id, house.clock())
    else:
        with house.database.unit_of_work() as session:
            sending.sent(session, text.id, message_sid, house.clock())


def look_up(house: House, text: Sending) -> None:
    """Ask the network whether it took a text that nobody is sure of."""
    since = (text.unsure_since or house.clock()) - _CLOCKS_DIFFER_BY
    try:
        found: list[TextFound] = list(
            house.telephony.find_texts(text.from_number, text.to_number, text.body, since)
        )
    except TryLater:
        with house.database.unit_of_work() as session:
            sending.try_later(session, house.rules, text.id, house.clock())
    else:
        with house.database.unit_of_work() as session:
            sending.looked_up(session, house.rules, text, found, house.clock())
