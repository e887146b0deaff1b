"""The jobs that RQ calls by name, each with the id of a row that may ask for something.

Every one may run twice: a row is claimed before anything is done, and asks for nothing afterwards.
"""

from helpline import catching_up, voicemails
from helpline.privacy import traces
from helpline.signing_in import codes
from helpline.telephones import checking, placing, ringing_back, telling
from helpline.texting import request_links, sending
from helpline.watching import canary
from ivr.text_turns import TextTurns
from queue_workers.catching_up import catch_up as catch_up_with
from queue_workers.deleting import delete
from queue_workers.fetching import fetch
from queue_workers.house import here
from queue_workers.ringing import ask_after, hang_up, ring, ring_the_line, tell
from queue_workers.sending import look_up, send


def send_text(text_id: int) -> None:
    """Send a text, if it is still wanted now."""
    house = here()
    with house.database.unit_of_work() as session:
        text = sending.claim(session, house.rules, text_id, house.clock())
        if text is not None:
            text = codes.filled_in(session, house.secrets, text)
            text = request_links.filled_in(house.secrets, house.links.base, text)
    if text is not None:
        (send if text.unsure_since is None else look_up)(house, text)


def take_text(text_id: int) -> None:
    """Understand a text that came in, and do what it asks for."""
    house = here()
    TextTurns(house.database, house.rules).take(text_id, house.clock())


def place_leg(leg_id: int) -> None:
    """Ring one of the telephones that are rung together, while the caller still waits."""
    house = here()
    with house.database.unit_of_work() as session:
        telephone = placing.claim(session, leg_id, house.clock())
    if telephone is not None:
        ring(house, telephone)


def hang_up_leg(leg_id: int) -> None:
    """Stop a telephone that rings for nothing."""
    house = here()
    with house.database.unit_of_work() as session:
        leg_sid = placing.to_hang_up(session, leg_id)
    if leg_sid is not None:
        hang_up(house, leg_sid)


def make_callback(callback_id: int) -> None:
    """Ring a volunteer who will ring a neighbour back."""
    house = here()
    with house.database.unit_of_work() as session:
        telephone = ringing_back.next_leg(session, house.rules, callback_id, house.clock())
    if telephone is not None:
        ring(house, telephone)


def speak_code(code_id: int) -> None:
    """Ring somebody's own telephone to tell them their sign-in code."""
    house = here()
    with house.database.unit_of_work() as session:
        telephone = telling.claim_code(session, code_id, house.clock())
    if telephone is not None:
        tell(house, telephone, f"/volunteers/codes/{code_id}/picked_up")


def say_prompt(hearing_id: int) -> None:
    """Ring somebody's own telephone to let them hear a prompt."""
    house = here()
    with house.database.unit_of_work() as session:
        telephone = telling.claim_prompt(session, hearing_id, house.clock())
    if telephone is not None:
        tell(house, telephone, f"/volunteers/prompts/{hearing_id}")


def fetch_voicemail(voicemail_id: int) -> None:
    """Fetch a voicemail's audio, and have the provider forget it."""
    house = here()
    with house.database.unit_of_work() as session:
        voicemail = voicemails.claim(session, voicemail_id, house.clock())
    if voicemail is not None:
        fetch(house, voicemail)


def ring_canary(run_id: int) -> None:
    """Place a test call."""
    house = here()
    test = house.rules.config.canary
    if test is None:
        return
    with house.database.unit_of_work() as session:
        line = canary.claim(session, test, run_id, house.clock())
    if line is not None:
        ring_the_line(house, test.number, line, run_id)


def delete_trace(trace_id: int) -> None:
    """Have the network delete what is forgotten here."""
    house = here()
    with house.database.unit_of_work() as session:
        sid = traces.claim(session, trace_id, house.clock())
    if sid is not None:
        delete(house, trace_id, sid)


def check_call(call_id: int) -> None:
    """Ask the network how a call fares that seems to go on for long."""
    house = here()
    with house.database.unit_of_work() as session:
        sid = checking.sid_of(session, call_id)
    if sid is not None:
        ask_after(house, call_id, sid)


def catch_up(_line_id: int) -> None:
    """Write down what the network had, for any line, while nothing of ours answered."""
    house = here()
    with house.database.unit_of_work() as session:
        lines = catching_up.begin(session, house.clock())
    if lines is not None:
        catch_up_with(house, lines)
