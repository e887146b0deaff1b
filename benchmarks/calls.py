"""A thousand calls in virtual time: everybody who rings is put through, or promised something."""

import importlib
import os
import time
from collections import Counter
from dataclasses import dataclass
from functools import partial
from random import Random
from typing import Any

from sqlalchemy import func, select

from app import create_app
from benchmarks import servers
from benchmarks.comparing import QUICK, Effort
from benchmarks.figures import verdict
from benchmarks.moments import TUESDAY_MORNING
from benchmarks.servers import ROOT
from benchmarks.webhooks import BASE_URL
from benchmarks.world import LANDLINE_CALLERS, LINES, MOBILE_CALLERS, VOLUNTEERS, World
from helpline.database import Database, open_engine
from helpline.models import Call, Callback, CallbackStatus, Caller, Leg, LegOutcome
from helpline.queues import QUEUES
from helpline.rules import Rules
from helpline.settings import Settings, load_settings
from helpline.signing_in.codes import Secrets
from helpline.words import Words
from ivr.twilio.client import TwilioTelephony
from ivr.twilio.twiml import Links
from queue_workers.chores import Round
from queue_workers.house import House, move_into
from simulator import Network, VirtualClock, WsgiTransport
from simulator.events import Event, Ringing
from simulator.phones import Phone, PhoneCall
from tests.in_process import InProcessHttp

CALLS = 1_000
MOST_SECONDS = 60
# Twenty lines with six volunteers each: 120 can be put through, the others are promised a call.
_AT_A_TIME = 125
_TALK_SECONDS = 600
_BETWEEN_WAVES = 900
# A real clock looks every second, at nothing most of the time.
_BETWEEN_LOOKS = 15
_OLD_CALLS = 2_000


class NotServed(Exception):
    """Somebody rang and was neither put through nor promised anything."""


def thousand(effort: Effort) -> None:
    """Play them, and look at what became of everybody."""
    calls = CALLS // 4 if effort == QUICK else CALLS
    with servers.sqlite() as databases:
        world = World(databases.ours, TUESDAY_MORNING, _OLD_CALLS)
        told = servers.environment(databases, "", 0.0)
        settings = load_settings({**os.environ, **told}, root=ROOT)
        stage = _set_up(settings)
        began = time.perf_counter()
        callers = _play(stage, calls)
        seconds = time.perf_counter() - began
        became = _what_became(world, callers)
        world.close()
        stage.close()
    print(f"\n{calls} calls of ten minutes in virtual time, {_AT_A_TIME} at a time")
    print(f"  {seconds:.1f} s; {len(stage.network.log)} events; ", end="")
    print(", ".join(f"{count} {what}" for what, count in sorted(became.items())))
    most = MOST_SECONDS * calls / CALLS
    print(f"  target ≤ {most:g} s: {verdict(seconds <= most)}")


@dataclass(frozen=True, slots=True)
class _Stage:
    """A whole helpline in this process, its workers too, and the network around it."""

    clock: VirtualClock
    network: Network
    house: House
    app: Any

    def close(self) -> None:
        """Let go of the database."""
        self.house.database.engine.dispose()
        self.app.extensions["helpline_phone"].callers.database.engine.dispose()


def _set_up(settings: Settings) -> _Stage:
    clock = VirtualClock(TUESDAY_MORNING)

    def nudge(job: str, row_id: int) -> None:
        module, name = job.rsplit(".", 1)
        clock.call_soon(lambda: getattr(importlib.import_module(module), name)(row_id))

    app = create_app(settings, clock=clock.now, nudge=nudge, chance=Random(1))
    network = Network(clock=clock, transport=WsgiTransport({BASE_URL: app.wsgi_app}))
    engine = open_engine(settings.database_url, settings.data_keys)
    house = House(
        database=Database(engine, nudge),
        rules=Rules(settings.config, Words(settings.config), Random(2)),
        telephony=TwilioTelephony(
            network.account_sid, network.auth_token, network.base_url, InProcessHttp(network)
        ),
        links=Links(BASE_URL),
        secrets=Secrets(settings.secret_key),
        clock=clock.now,
    )
    move_into(house)
    rounds = Round(house)

    def look() -> None:
        rounds.go(dict.fromkeys(QUEUES, 1_000))
        clock.call_later(_BETWEEN_LOOKS, look)

    look()
    for number in LINES:
        network.add_number(
            number,
            voice=f"{BASE_URL}/calls/incoming",
            sms=f"{BASE_URL}/texts/incoming",
            status_callback=f"{BASE_URL}/calls/status",
        )
    return _Stage(clock, network, house, app)


def _play(stage: _Stage, calls: int) -> list[str]:
    """Let them ring, in waves; the numbers of those who did."""
    clock, network = stage.clock, stage.network
    numbers = [*MOBILE_CALLERS, *LANDLINE_CALLERS][:calls]
    for number in VOLUNTEERS:
        network.phone(number)
    for number in numbers:
        # When they are rung back.
        kind = "mobile" if number in MOBILE_CALLERS else "landline"
        network.phone(number, kind=kind).behaves("picks_up", after=4)  # type: ignore[arg-type]

    def somebody_rings(event: Event) -> None:
        if isinstance(event, Ringing) and event.phone not in numbers:
            clock.call_later(5, partial(_take, clock, network.phone(event.phone)))

    network.log.subscribe(somebody_rings)
    for place, number in enumerate(numbers):
        wave, within = divmod(place, _AT_A_TIME)
        line = LINES[place % len(LINES)]
        clock.call_later(wave * _BETWEEN_WAVES + within / 4, partial(_ring, stage, number, line))
    waves = -(-calls // _AT_A_TIME)
    # The last wave's callbacks are made within the hour.
    clock.advance(waves * _BETWEEN_WAVES + 3600)
    return numbers


def _ring(stage: _Stage, number: str, line: str) -> None:
    """Press 1 for a person; ten minutes later, put the receiver down."""
    call = stage.network.phone(number).calls(line)
    stage.clock.call_later(6, lambda: call.presses("1"))
    stage.clock.call_later(_TALK_SECONDS, lambda: _hang_up(call))


def _take(clock: VirtualClock, phone: Phone) -> None:
    """A volunteer picks up, if it still rings, hears who it is, and presses 1."""
    if phone.ringing is None:
        return
    call = phone.picks_up()
    clock.call_later(4, lambda: call.presses("1") if call.is_going_on else None)
    clock.call_later(_TALK_SECONDS + 30, lambda: _hang_up(call))


def _hang_up(call: PhoneCall) -> None:
    if not call.is_over:
        call.hangs_up()


def _what_became(world: World, numbers: list[str]) -> Counter[str]:
    """How many talked at once, were rung back, or are owed a call. Raises NotServed."""

    def look(session: Any) -> list[tuple[str, int, int]]:
        talked = func.count(Leg.id).filter(Leg.outcome == LegOutcome.TALKED)
        owed = func.count(Callback.id)
        asked = (
            select(Caller.number, talked, owed)
            .select_from(Caller)
            .join(Call, Call.caller_id == Caller.id)
            .outerjoin(Leg, Leg.call_id == Call.id)
            .outerjoin(
                Callback,
                (Callback.request_id == Call.request_id)
                & (Callback.status != CallbackStatus.CANCELED),
            )
            .where(Caller.number.in_(numbers), Call.started_at >= TUESDAY_MORNING)
            .group_by(Caller.number)
        )
        return [(number, talks, owes) for number, talks, owes in session.execute(asked)]

    became = {
        number: "rung back" if talks and owes else "put through" if talks else "promised a call"
        for number, talks, owes in world.write(look)
        if talks or owes
    }
    left = set(numbers) - set(became)
    if left:
        raise NotServed(f"{len(left)} of {len(numbers)} callers were left with nothing")
    return Counter(became.values())
