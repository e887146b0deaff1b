"""TwiML run on one leg: fetch a document, carry out its verbs, go where an action says."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from simulator.forms import Form, call_form
from simulator.records import NO_HOOK, Hook
from simulator.speech import TWILIO_APOLOGY, Heard, speaking_seconds
from simulator.tasks import sleep
from simulator.twiml.document import Document, TwimlError, Verb, read, read_reply
from simulator.twiml.schema import CONTEXTS, DOUBTFUL, VOICE
from simulator.voice.leg import Doing, HungUp, Leg
from simulator.webhooks import Outgoing

if TYPE_CHECKING:
    from simulator.network import Network

# A document that goes round without ever taking time would hang the network (invented).
MOST_STEPS_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Goto:
    """Where the call goes on: a URL to ask, or TwiML that is already here (from REST)."""

    url: str = ""
    method: str = "POST"
    extras: Form = field(default_factory=dict)
    about: str = "voice"
    twiml: str = ""


class Left(BaseException):
    """<Leave>: out of the queue."""


class Script:
    """The interpreter of one leg. `context` says which verbs may stand: see twiml.schema."""

    def __init__(
        self,
        leg: Leg,
        *,
        context: str = "call",
        fallback: Hook = NO_HOOK,
        extras: Callable[[], Form] = dict,
    ) -> None:
        self.leg = leg
        self.network: Network = leg.network
        self.clock = leg.network.clock
        self.context = context
        self.url = ""
        self._fallback = fallback
        self._extras = extras
        self._steps = 0
        self._steps_at = self.clock.now()

    async def follow(self, goto: Goto) -> None:
        """Run from `goto` until the documents end. Raises HungUp when the call is over."""
        next_goto: Goto | None = goto
        while next_goto is not None:
            try:
                next_goto = await self._run(await self._fetch(next_goto))
            except TwimlError as error:
                next_goto = await self._recover(error)

    async def _fetch(self, goto: Goto) -> Document:
        self._count_step()
        if goto.twiml:
            self.url = ""
            document = read(goto.twiml, "", VOICE)
        else:
            self.leg.doing = Doing.FETCHING
            form = call_form(self.leg.call.facts(), {**self._extras(), **goto.extras})
            hook = Outgoing(goto.about, goto.url, goto.method, form, self.leg.session)
            reply, self.url = await self.network.webhooks.fetch(hook)
            document = read_reply(reply, goto.url, VOICE)
        for warning in document.warnings:
            self.network.complain(12200, warning, self.leg.call.sid, self.url, warning=True)
        return document

    async def _run(self, document: Document) -> Goto | None:
        if not document.verbs and self.context == "call":
            self.leg.answer()  # an empty document answers, and then there is nothing more
        for position, verb in enumerate(document.verbs):
            if verb.name not in CONTEXTS[self.context]:
                code = 13238 if self.context == "conference wait" else 12200
                message = f"<{verb.name}> may not stand in the document of a {self.context}"
                raise TwimlError(code, message, self.url)
            if verb.name in DOUBTFUL.get(self.context, ()):
                message = f"<{verb.name}> is not documented to work in a {self.context}"
                self.network.complain(12200, message, self.leg.call.sid, self.url, warning=True)
            if self.context == "call" and not _waits_before_answering(verb, position):
                self.leg.answer()
            goto = await self._verb(verb)
            if goto is not None:
                return goto
        return None

    async def _verb(self, verb: Verb) -> Goto | None:
        run = _verbs().get(verb.name)
        if run is not None:
            return await run(self, verb)
        if verb.name == "Redirect":
            return Goto(self.resolve(verb.text), verb.get("method", "POST"))
        if verb.name == "Leave":
            raise Left
        self._hang_up(verb)
        raise HungUp

    def _hang_up(self, verb: Verb) -> None:
        if verb.name == "Reject" and self.leg.call.status == "ringing":
            busy = verb.get("reason", "rejected") == "busy"
            self.leg.end("busy" if busy else "no-answer", sip_code=486 if busy else 603)
        else:
            self.leg.end()

    async def _recover(self, error: TwimlError) -> Goto | None:
        """The fallback URL once, or the apology that Twilio speaks before it hangs up.

        While a call waits its document's failure is not the call's: whoever waits is told.
        """
        if self.context in {"queue wait", "conference wait"}:
            raise error
        call = self.leg.call
        self.network.complain(error.code, error.message, call.sid, error.url or self.url)
        fallback, self._fallback = self._fallback, NO_HOOK
        if fallback:
            extras = {"ErrorCode": str(error.code), "ErrorUrl": error.url or self.url}
            return Goto(fallback.url, fallback.method, extras, about="fallback")
        self.leg.answer()
        self.leg.doing = Doing.SPEAKING
        apology = Heard(
            "say", TWILIO_APOLOGY, self.clock.now(), speaking_seconds(TWILIO_APOLOGY), "man", "en"
        )
        self.leg.hear(apology)
        await sleep(self.clock, apology.seconds)
        self.leg.end()
        raise HungUp

    def resolve(self, url: str) -> str:
        """A URL in the current document, absolute; empty means the document's own.

        Raises TwimlError 11100 for a relative one in TwiML that came by REST.
        """
        if not self.url and "://" not in url:
            raise TwimlError(11100, f"Invalid URL format: {url!r} in TwiML without a URL", url)
        return urljoin(self.url, url)

    def number(self, verb: Verb, name: str, default: int, least: int, most: int) -> int:
        """A whole-number attribute; a wrong one is reported, and the default or limit used."""
        text = verb.get(name).strip()
        if not text:
            return default
        is_number = re.fullmatch(r"-?\d+", text) is not None
        # No limit is as long, and Python reads only so many digits.
        value = int(text[:10]) if is_number else default
        if is_number and least <= value <= most:
            return value
        message = f"<{verb.name} {name}={text!r}> is not a number from {least} to {most}."
        self.network.complain(12200, message, self.leg.call.sid, self.url, warning=True)
        return min(most, max(least, value)) if is_number else default

    def _count_step(self) -> None:
        now = self.clock.now()
        if now != self._steps_at:
            self._steps, self._steps_at = 0, now
        self._steps += 1
        if self._steps > MOST_STEPS_AT_ONCE:
            raise TwimlError(12200, "The documents go round and round without waiting", self.url)


@cache
def _verbs() -> dict[str, Callable[[Script, Verb], Awaitable[Goto | None]]]:
    # Imported here: each of these modules runs scripts of its own.
    from simulator.voice import dial, gather, queue, record, sounding

    return {
        "Say": sounding.sound,
        "Play": sounding.sound,
        "Pause": sounding.sound,
        "Gather": gather.gather,
        "Record": record.record,
        "Dial": dial.dial,
        "Enqueue": queue.enqueue,
    }


def _waits_before_answering(verb: Verb, position: int) -> bool:
    """Whether a call stays unanswered while this verb runs (Twilio's pages of each verb)."""
    if verb.name in {"Reject", "Redirect"} or (verb.name == "Pause" and position == 0):
        return True
    return verb.name == "Dial" and position == 0 and verb.flag("answerOnBridge", False)
