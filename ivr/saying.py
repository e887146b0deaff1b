"""Writes a caller's turn down for the network: its words, and what its waiting step waits for."""

from dataclasses import dataclass
from datetime import datetime

from helpline.legs import LegState
from helpline.rules import Rules
from helpline.telephones.call_state import CallState
from ivr.engine import Turn
from ivr.speaking import spoken
from ivr.steps import Ask, Menu, Record, Ring
from ivr.twilio import twiml
from ivr.twilio.twiml import SECONDS_TO_ANSWER, Links


@dataclass(frozen=True, slots=True)
class Reply:
    """A turn that was decided and done, what is then known of the call, and who is rung."""

    turn: Turn
    state: CallState
    at: datetime
    leg: LegState | None = None
    # Workers ring them, mostly everybody on shift, while the caller waits in a queue.
    together: bool = False
    # What of the call has been written down already.
    remembered: frozenset[str] = frozenset()


def queue_of(call_id: int) -> str:
    """The queue in which the caller of this call waits for whoever presses 1 first."""
    return f"call-{call_id}"


def say(reply: Reply, rules: Rules, links: Links) -> str:
    """The TwiML of a turn."""
    turn, state = reply.turn, reply.state
    said = spoken(turn, state, rules, reply.at, state.language)
    match turn.waits:
        case Menu() | Ask():
            # Told twice, the key for another language means the same language twice.
            spoken_in = rules.words.language(state.language).key
            action = links.to(f"/calls/{turn.step}", tries=turn.tries, spoken_in=spoken_in)
            hears_voice = isinstance(turn.waits, Menu) and turn.waits.voice is not None
            return twiml.ask_for_key(
                said, action, SECONDS_TO_ANSWER, links, hears_voice=hears_voice
            )
        case Record(keys=keys):
            return twiml.record(
                said,
                links.to(f"/calls/{turn.step}", tries=turn.tries),
                links.to("/recordings/status", step=turn.step),
                int(rules.config.voicemail.longest.total_seconds()),
                int(rules.config.voicemail.pause.total_seconds()),
                links,
                keys=bool(keys),
            )
        case Ring() if reply.leg is not None and not reply.together:
            leg = reply.leg
            return twiml.ring_one(
                said,
                number=leg.number,
                reach=rules.config.reach,
                line_number=state.line_number,
                seconds=leg.ring_seconds,
                action=links.to(f"/calls/{turn.step}", leg=leg.id),
                whisper=links.to(f"/legs/{leg.id}/picked_up"),
                progress=links.to(f"/legs/{leg.id}/status"),
                links=links,
            )
        case Ring() if reply.together:
            # What is said is said in the queue: somebody may press 1 before it is over.
            words = " ".join(prompt.name for prompt in turn.says)
            return twiml.wait_in_queue(
                queue_of(state.id),
                links.to(f"/calls/{turn.step}"),
                links.to("/calls/waiting", words=words),
            )
    return twiml.say_and_hang_up(said, links)
