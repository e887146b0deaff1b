"""What the phone network sends, in every order and with anything in it: forms for each webhook."""

import re
from collections.abc import Iterable, Sequence
from random import Random

from flask import Flask

from ivr.call_flow import call_flow
from ivr.telling_turns import TellingTurns
from ivr.volunteer_turns import VolunteerTurns
from simulator import parameters
from tests.fuzz.odd import NUMBERS, RAW, Pairs, Sent, encoded, mutated, value

# So few that one call is told of often: it comes to every step in some order.
_SIDS = {kind: [kind + f"{number:032x}" for number in range(12)] for kind in ("CA", "SM", "RE")}
_CALLS = "queued initiated ringing in-progress completed busy no-answer failed canceled answered"
_TEXTS = "accepted queued sending sent delivered read undelivered failed canceled received"
_PLAUSIBLE: dict[str, Sequence[str]] = {
    "AccountSid": ("AC" + "0" * 32,),
    "CallSid": _SIDS["CA"],
    "DialCallSid": _SIDS["CA"],
    "ParentCallSid": ("", *_SIDS["CA"]),
    "MessageSid": _SIDS["SM"],
    "RecordingSid": _SIDS["RE"],
    "RecordingUrl": [f"https://api.example/Recordings/{sid}" for sid in _SIDS["RE"]],
    # Most turns are of calls that go on.
    "CallStatus": (*("ringing", "in-progress") * 10, *_CALLS.split(), "vanished"),
    "DialCallStatus": (*_CALLS.split(), "vanished"),
    "DialBridged": ("true", "false", ""),
    "DialCallDuration": ("0", "61"),
    "RecordingDuration": ("0", "1", "9", "180"),
    "RecordingStatus": ("completed", "absent", "in-progress"),
    "CallDuration": ("0", "60", "7200"),
    "QueueResult": ("bridged", "hangup", "leave", "error", "system-error"),
    "Direction": ("inbound", "outbound-api", "outbound-dial"),
    "Digits": ("1", "2", "3", "9", "0", "5", "11", "1#", "*", "#", "hangup", ""),
    "SpeechResult": ("Hello?", "halo", ""),
    "StirVerstat": ("TN-Validation-Passed-A", "TN-Validation-Failed-C", "No-TN-Validation"),
    "MessageStatus": (*_TEXTS.split(), "vanished"),
    "ErrorCode": ("", "30003", "21610"),
    "NumMedia": ("0", "1", "10"),
    "Body": ("STOP", "START", "A", "B", "1234 A", "yes", "CALL", "HX7", "hello", "", "D", "no"),
}
_TABLES = (
    *(("call", more) for more in ("", "gather", "speech", "dial", "record", "queue wait")),
    *(("call", more) for more in ("queue action", "dequeued", "call progress", "recording status")),
    *(("text in", ""), ("text status", "")),
)
_NAMES = sorted({each.name for table in parameters.TABLES.values() for each in table})
_IN_ADDRESSES = ("tries", "leg", "again", "keys", "talked", "words", "step", "text")
_OTHER_SIDE = {
    "phone.volunteer_answers",
    "phone.leg_fares",
    "phone.rung_back_fares",
    "phone.code_is_told",
}
STEPS = {
    "phone.call_goes_on": sorted(call_flow("1", "2", "3", ("9",)).waiting),
    "phone.volunteer_answers": sorted(VolunteerTurns.steps),
    "phone.code_is_told": sorted(TellingTurns.steps),
    "phone.test_goes_on": ["rings", "picks_up", "screening", "accepting"],
}


class Webhooks:
    """Makes up webhooks for this application, `numbers` being on record there."""

    def __init__(self, app: Flask, numbers: Iterable[str]) -> None:
        self._rules = [
            rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("phone.")
        ]
        self._numbers = (*numbers, *NUMBERS)

    def one(self, chance: Random) -> Sent:
        """Any of them, signed in all but a few."""
        rule = chance.choice(self._rules)
        path = rule.rule
        for name in rule.arguments:
            steps = STEPS.get(rule.endpoint, [])
            within = chance.choice(steps) if steps and chance.random() < 0.9 else value(chance)[:99]
            if name != "step":
                within = str(chance.choice((*range(9), *range(9), 400, 2**31, 2**63)))
            path = path.replace(f"<int:{name}>", within).replace(f"<{name}>", within)
        method = "GET" if "GET" in (rule.methods or ()) else "POST"
        signed = chance.random() < 0.9
        return Sent(
            who="the network",
            method=method,
            path=path.replace("<path:file>", value(chance)[:99]),
            query=encoded(self._query(chance)),
            fields=mutated(self._form(rule.endpoint, chance), _NAMES, chance),
            raw=None if signed or chance.random() < 0.5 else chance.choice(RAW),
            signed=signed,
            headers={} if signed else _claimed(chance),
        )

    def _query(self, chance: Random) -> Pairs:
        plausible = ("", "0", "1", "2", "3", "welcome", "leave_message", "please_hold still_trying")
        asked = [(name, chance.choice(plausible)) for name in chance.sample(_IN_ADDRESSES, 2)]
        return mutated(asked[: chance.randrange(3)], _IN_ADDRESSES, chance)

    def _form(self, endpoint: str, chance: Random) -> Pairs:
        """All that comes with such a webhook; of the two sides of a call, each has its own sid."""
        fitting = [each for each in _TABLES if each[0].startswith("text") == ("text" in endpoint)]
        tables = chance.choice(fitting)
        names = [each.name for table in tables if table for each in parameters.TABLES[table]]
        form = {name: self._plausible(name, chance) for name in names}
        if endpoint in _OTHER_SIDE:
            form["CallSid"] = chance.choice(_SIDS["CA"]).replace("CA0", "CAc")
        return list(form.items())

    def _plausible(self, name: str, chance: Random) -> str:
        if name in ("From", "To", "Caller", "Called"):
            return chance.choice(self._numbers)
        return chance.choice(_PLAUSIBLE.get(name, ("",)))


def _claimed(chance: Random) -> dict[str, str]:
    """What somebody says who cannot sign."""
    odd = re.sub(r"[^ -~]", "?", value(chance)[:200])
    claimed = {"X-Twilio-Signature": odd}
    if chance.random() < 0.3:
        claims = ("algorithm=HMAC_SHA256", "key=a,algorithm=HMAC_SHA256", "=,=", "a=b=c,,", odd)
        claimed["X-Twilio-Webhooks-Signature-Settings"] = chance.choice(claims)
    return claimed


def is_of_a_caller(path: str) -> bool:
    """Whether somebody who rang the line hears what is answered here."""
    return path.startswith("/calls/") and path not in ("/calls/status", "/calls/waiting")
