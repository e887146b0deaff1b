"""What a person does with a telephone on the page: one function for each thing done."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, get_args

from simulator.handsets.numbers import NotANumber, read_number
from simulator.handsets.talking import Talking
from simulator.network import Network
from simulator.phones import Behaviour, NothingHappened, Phone, PhoneCall

KEYS = frozenset("0123456789*#")
BEHAVIOURS = frozenset(get_args(Behaviour))
# A voicemail lets it ring for a while, so that one sees what happens.
RINGS_BEFORE_VOICEMAIL_SECONDS = 4.0
LONGEST_WORDS = 1600  # the longest text that Twilio takes
LONGEST_SPEECH_SECONDS = 600.0


class Refused(Exception):
    """It cannot be done; the sentence is for the person, the status for HTTP."""

    def __init__(self, sentence: str, status: int = 400) -> None:
        super().__init__(sentence)
        self.status = status


Body = Mapping[str, Any]


class Hands:
    """The person at the page. Every action takes the network's lock for itself."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._talking = Talking(network)

    def do(self, action: str, body: Body) -> None:
        """Carry out one action from a page's request. Raises Refused with a sentence."""
        known: dict[str, Callable[[Body], None]] = {
            "call": self._call,
            "pick_up": self._pick_up,
            "decline": self._decline,
            "hang_up": self._hang_up,
            "press": self._press,
            "speak": self._speak,
            "begin_talking": self._begin_talking,
            "stop_talking": self._stop_talking,
            "text": self._text,
            "behave": self._behave,
            "add_phone": self._add_phone,
        }
        if action not in known:
            raise Refused("There is no such action.", 404)
        try:
            with self._network.lock:
                known[action](body)
        except NotANumber as error:
            raise Refused(str(error)) from error
        except NothingHappened as error:
            raise Refused("It is no longer ringing.", 409) from error

    def _call(self, body: Body) -> None:
        phone = self._phone(body)
        if phone.talking is not None or phone.ringing is not None:
            raise Refused("This telephone is in use: hang up first.", 409)
        hidden = body.get("withheld") is True
        phone.calls(read_number(_text(body, "to")), caller_id="anonymous" if hidden else None)

    def _pick_up(self, body: Body) -> None:
        self._phone(body).picks_up()

    def _decline(self, body: Body) -> None:
        self._phone(body).declines()

    def _hang_up(self, body: Body) -> None:
        self._call_of(body).hangs_up()

    def _press(self, body: Body) -> None:
        key = _text(body, "key")
        if key not in KEYS:
            raise Refused("A telephone has the keys 0 to 9, * and #.")
        self._call_of(body).presses(key)

    def _speak(self, body: Body) -> None:
        words, seconds = _text(body, "words"), body.get("seconds")
        # True is an int to Python, and no length to anybody.
        if isinstance(seconds, bool) or not isinstance(seconds, int | float):
            raise Refused("Say for how many seconds.")
        if not 0 < seconds <= LONGEST_SPEECH_SECONDS:
            raise Refused("Speak for at most ten minutes.")
        self._call_of(body).leg.speak(words, float(seconds))

    def _begin_talking(self, body: Body) -> None:
        self._talking.begin(self._call_of(body).leg)

    def _stop_talking(self, body: Body) -> None:
        call = self._phone(body).talking
        if call is not None:  # it may have ended meanwhile, which its display says already
            self._talking.stop(call.leg, _text(body, "words"))

    def _text(self, body: Body) -> None:
        phone = self._phone(body)
        if phone.kind == "landline":
            raise Refused("A landline sends no texts.", 409)
        words, media = _text(body, "words"), 1 if body.get("picture") is True else 0
        phone.texts(read_number(_text(body, "to")), words, media)

    def _behave(self, body: Body) -> None:
        behaviour: Any = _text(body, "behaviour")
        if behaviour not in BEHAVIOURS:
            raise Refused("A telephone cannot behave like that.")
        after = RINGS_BEFORE_VOICEMAIL_SECONDS if behaviour == "machine" else 0.0
        self._phone(body).behaves(behaviour, after)

    def _add_phone(self, body: Body) -> None:
        number = read_number(_text(body, "number"))
        kind: Any = _text(body, "kind")
        if kind not in {"landline", "mobile"}:
            raise Refused("A telephone is a landline or a mobile.")
        if number in self._network.phones:
            raise Refused("A telephone with this number is on the table already.", 409)
        if number in self._network.numbers:
            raise Refused("That number is one of the lines.", 409)
        self._network.phone(number, kind, _text(body, "name").strip()[:40])

    def _phone(self, body: Body) -> Phone:
        phone = self._network.phones.get(_text(body, "phone"))
        if phone is None:
            raise Refused("There is no such telephone on the table.", 404)
        return phone

    def _call_of(self, body: Body) -> PhoneCall:
        call = self._phone(body).talking
        if call is None:
            raise Refused("This telephone is not on a call.", 409)
        return call


def _text(body: Body, name: str) -> str:
    value = body.get(name, "")
    if not isinstance(value, str) or len(value) > LONGEST_WORDS:
        raise Refused(f"{name} must be text of at most {LONGEST_WORDS} characters.")
    return value
