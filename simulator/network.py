"""The pretend phone network: numbers, phones, calls and texts, driven by a clock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from random import Random
from threading import RLock

from simulator.assumptions import Assumptions
from simulator.clock import Clock, VirtualClock
from simulator.events import CallStarted, Complained, Log
from simulator.faults import Faults
from simulator.forms import call_form
from simulator.own_numbers import OwnNumber, play_tones
from simulator.phones import Kind, Phone
from simulator.records import Call, Hook, IncomingNumber, Recording
from simulator.tasks import Story, Task
from simulator.texting import Texts
from simulator.transport import HttpTransport, Transport
from simulator.twiml.document import TwimlError
from simulator.voice.conference import Conferences
from simulator.voice.leg import Doing, HungUp, Leg
from simulator.voice.queue import Queues
from simulator.voice.reaching import Callee
from simulator.voice.script import Goto
from simulator.voice.stories import incoming_story
from simulator.webhooks import Outgoing, Webhooks

# Looks like Twilio's; no account of anybody's.
ACCOUNT_SID = "AC" + "5" * 32
AUTH_TOKEN = "pretend-auth-token"  # noqa: S105 - opens nothing but this pretence
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class Network:
    """One account of a pretend Twilio. With a VirtualClock everything runs in this thread.

    `log` has everything that happened, `faults` what shall go wrong, `assumptions` what Twilio
    does not document, `base_url` is where REST is served (it stands in the URLs of recordings).
    """

    def __init__(
        self,
        *,
        clock: Clock | None = None,
        transport: Transport | None = None,
        account_sid: str = ACCOUNT_SID,
        auth_token: str = AUTH_TOKEN,
        base_url: str = "http://127.0.0.1:8001",
        seed: int = 1,
    ) -> None:
        self.clock: Clock = clock or VirtualClock(START)
        self.account_sid = account_sid
        self.auth_token = auth_token
        self.base_url = base_url.rstrip("/")
        self.log = Log(self.clock)
        self.faults = Faults()
        self.assumptions = Assumptions()
        self.numbers: dict[str, IncomingNumber] = {}
        self.phones: dict[str, Phone] = {}
        self.calls: dict[str, Leg] = {}
        self.recordings: dict[str, Recording] = {}
        self._services: dict[str, tuple[str, ...]] = {}
        self.sound_lengths: dict[str, float] = {}
        self._chance = Random(seed)  # noqa: S311 - the same run again is the point
        self.webhooks = Webhooks(
            clock=self.clock,
            transport=transport or HttpTransport(),
            log=self.log,
            faults=self.faults,
            chance=self._chance,
            token=auth_token,
        )
        self.texts = Texts(self)
        self.queues = Queues(self)
        self.conferences = Conferences(self)
        self._next_start = self.clock.now()

    @property
    def lock(self) -> RLock:
        """Held while anything changes; needed only by a served network."""
        return self.clock.lock

    @property
    def errors(self) -> list[Complained]:
        """What Twilio would write in its debugger as errors, in order."""
        return [said for said in self.log.of(Complained) if not said.warning]

    @property
    def warnings(self) -> list[Complained]:
        """The same for warnings: odd TwiML that was passed over."""
        return [said for said in self.log.of(Complained) if said.warning]

    # Setting up

    def phone(self, number: str, kind: Kind | None = None, name: str = "") -> Phone:
        """The phone with this number (E.164); made at the first asking, a mobile unless told."""
        with self.lock:
            phone = self.phones.setdefault(number, Phone(self, number, "mobile", name))
            phone.kind = kind or phone.kind
            phone.name = name or phone.name
            return phone

    def add_number(
        self,
        number: str,
        *,
        voice: str | Hook = "",
        sms: str | Hook = "",
        voice_fallback: str | Hook = "",
        sms_fallback: str | Hook = "",
        status_callback: str | Hook = "",
        name: str = "",
    ) -> IncomingNumber:
        """Own a number; each hook is a URL (asked by POST) or a Hook. Again: set anew."""
        with self.lock:
            known = self.numbers.get(number)
            self.numbers[number] = IncomingNumber(
                sid=known.sid if known else self.new_sid("PN"),
                account_sid=self.account_sid,
                number=number,
                created_at=self.clock.now(),
                name=name or number,
                voice=_hook(voice),
                voice_fallback=_hook(voice_fallback),
                status_callback=_hook(status_callback),
                sms=_hook(sms),
                sms_fallback=_hook(sms_fallback),
            )
            return self.numbers[number]

    def add_messaging_service(self, *senders: str) -> str:
        """A messaging service that sends from these numbers; its sid."""
        sid = self.new_sid("MG")
        self._services[sid] = senders
        return sid

    def sender_of(self, service_sid: str) -> str | None:
        """The number a messaging service sends from: the first it has."""
        return next(iter(self._services.get(service_sid, ())), None)

    # What phones, REST and TwiML ask for

    def start_incoming(
        self, phone: Phone, number: str, caller_id: str | None, forwarded_from: str | None
    ) -> Leg:
        """A phone dials `number`; a number that is not ours fails at once."""
        shown = phone.number if caller_id is None else caller_id
        leg = self._new_leg(shown, number, "inbound", phone, status="ringing")
        leg.call.forwarded_from = forwarded_from
        leg.doing = Doing.FETCHING
        line = self.numbers.get(number)
        if line is None:
            leg.end("failed", sip_code=404)
            return leg
        leg.call.number_sid = line.sid
        leg.callbacks.want(line.status_callback)
        leg.tell(partial(incoming_story, leg, line))
        return leg

    def new_child(self, parent: Leg, callee: Callee, shown: str) -> Leg:
        """A leg to one number of a Dial."""
        leg = self._new_leg(
            shown,
            callee.number,
            "outbound-dial",
            self._reached_at(callee.number),
            parent_sid=parent.call.sid,
        )
        leg.callbacks.want(callee.callback, callee.events)
        return leg

    def new_outgoing(self, from_number: str, to_number: str) -> Leg:
        """A leg that REST asked for; the caller of this tells its story."""
        phone = self._reached_at(to_number)
        return self._new_leg(from_number, to_number, "outbound-api", phone)

    def _reached_at(self, number: str) -> Phone | None:
        """What rings at this number: a phone, or one of the customer's own lines."""
        if number in self.numbers and number not in self.phones:
            return OwnNumber(self, number)
        return self.phones.get(number)

    def seconds_to_start(self) -> float:
        """How long the next call by REST waits in the queue, in seconds."""
        now = self.clock.now()
        self._next_start = max(self._next_start, now)
        seconds = (self._next_start - now).total_seconds()
        rate = self.assumptions.calls_per_second
        self._next_start = datetime.fromtimestamp(self._next_start.timestamp() + 1 / rate, UTC)
        return seconds

    def play_tones(self, leg: Leg, digits: str) -> None:
        """Let whoever is at the other end hear keys pressed."""
        play_tones(leg, digits)

    def new_recording(self, call: Call) -> Recording:
        sid = self.new_sid("RE")
        recording = Recording(sid, self.account_sid, call.sid, self.clock.now())
        recording.media_url = self._recording_url(sid)
        self.recordings[sid] = recording
        return recording

    def _recording_url(self, sid: str) -> str:
        return f"{self.base_url}/2010-04-01/Accounts/{self.account_sid}/Recordings/{sid}"

    def request_action(self, leg: Leg, goto: Goto) -> None:
        """Request an action whose answer can no longer be followed."""
        form = call_form(leg.call.facts(), goto.extras)
        hook = Outgoing(goto.about, goto.url, goto.method, form, leg.session)
        self.begin(partial(self._ignored, hook))

    async def _ignored(self, hook: Outgoing) -> None:
        try:
            reply, _ = await self.webhooks.fetch(hook)
        except TwimlError as error:
            self.complain(error.code, error.message, hook.session.sid, hook.url)
            return
        if reply.status >= 400:
            self.complain(11200, f"Got HTTP {reply.status}", hook.session.sid, hook.url)

    def conference_partners(self, leg: Leg) -> list[Leg]:
        """Who else is in the leg's conference, once it has started."""
        return self.conferences.partners(leg)

    def complain(
        self, code: int, message: str, sid: str, url: str = "", *, warning: bool = False
    ) -> None:
        """Write in the debugger."""
        self.log.add(Complained, code=code, message=message, sid=sid, url=url, warning=warning)

    def begin(self, story: Callable[[], Story[None]]) -> Task[None]:
        """Tell a story of its own, that belongs to no leg."""
        return Task(self.clock, story, expected=(HungUp,))

    def new_sid(self, prefix: str) -> str:
        return prefix + format(self._chance.getrandbits(128), "032x")

    def _new_leg(
        self,
        from_number: str,
        to_number: str,
        direction: str,
        phone: Phone | None,
        *,
        parent_sid: str | None = None,
        status: str = "queued",
    ) -> Leg:
        call = Call(
            self.new_sid("CA"),
            self.account_sid,
            from_number,
            to_number,
            direction,
            self.clock.now(),
            parent_sid,
            status,
        )
        leg = self.calls[call.sid] = Leg(self, call, phone)
        self.log.add(
            CallStarted,
            call_sid=call.sid,
            parent_sid=parent_sid,
            from_number=from_number,
            to_number=to_number,
            direction=direction,
        )
        return leg


def _hook(value: str | Hook) -> Hook:
    return Hook(value) if isinstance(value, str) else value
