"""The whole helpline in its order: store, pretend network, database, web, workers, clock."""

import asyncio
import json
import sys
from collections.abc import Awaitable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace

from helpline.queues import QUEUES
from helpline.running.checks import FULL
from helpline.running.environment import Place
from helpline.running.house import CannotRun
from helpline.running.local_http import until_answered
from helpline.running.output import Output
from helpline.running.pretend_network import FILE, LINK_FILE, first_line, take_way_in
from helpline.running.programs import Program
from helpline.running.store import find_server, store_program
from helpline.running.supervisor import Supervisor
from helpline.running.welcome import no_room, welcome_to_pretend_network, welcome_to_twilio

_SOON = 30.0  # seconds; a small machine's on a bad day
_LOOK_AGAIN = 0.1
_ROOM_AGAIN = 5.0  # so often it is tried whether a full disk has room again
_WELL = "well"  # what /health says of a part that is


@dataclass(frozen=True)
class Everything:
    """A story for `run_until_asked`: what is started, in which order, and what is said of it.

    `environment` is complete (see `helpline.running.environment.complete`).
    """

    place: Place
    environment: Mapping[str, str]
    output: Output
    with_store: bool
    with_simulator: bool

    async def __call__(self, supervisor: Supervisor) -> None:
        """Returns when everything is well. Errors: CannotRun."""
        if self.with_store:
            supervisor.keep(store_program(find_server(), self.place.store))
        # Importing takes it as long as the database takes to be made ready: both at once.
        supervisor.keep(self._web())
        await self._make_ready(supervisor)
        if self.with_simulator:
            supervisor.keep(self._simulator())
            at = self.place.simulator_address
            await self._soon("simulator", until_answered(at, wanted=None))
        await self._soon("web", until_answered(self._health))
        self._say(self._welcome())
        # Last: no call needs them, and on a small machine they would be in the way of what it does.
        for program in self._workers_and_clock():
            supervisor.keep(program)
        await self._until_all_is_well()

    async def _make_ready(self, supervisor: Supervisor) -> None:
        """The database, before anything asks it; where its disk is full, when there is room again.

        Meanwhile the web side answers: whoever rings hears a sentence, and is put through to the
        fallback number.
        """
        options = ["--pretend"] if self.with_simulator else []
        prepare = self._python("database", "helpline.running.prepare", *options)
        code = await supervisor.run(prepare)
        if code == FULL:
            await self._soon("web", until_answered(self._health, wanted=None))
            while code:
                self._say(no_room(self.place))
                await asyncio.sleep(_ROOM_AGAIN)
                # Whatever else it says now: as long as the web side answers, callers are heard.
                code = await supervisor.run(prepare)
            self._say(["There is room again. Starting the rest."])
        if code:
            raise CannotRun("The database could not be made ready; the lines above say why.")

    def _say(self, lines: Iterable[str]) -> None:
        for line in lines:
            self.output.say(line)

    @property
    def _health(self) -> str:
        return f"{self.place.address}/health"

    async def _until_all_is_well(self) -> None:
        """Workers and clock say that they live when they do."""
        health: dict[str, str] = {}
        with suppress(TimeoutError):
            async with asyncio.timeout(_SOON):
                while set(health.values()) != {_WELL}:
                    health = json.loads(await until_answered(self._health))
                    await asyncio.sleep(_LOOK_AGAIN)
                self._say([f"All is well: {', '.join(health)}."])
                return
        unwell = [f"{part} ({state})" for part, state in health.items() if state != _WELL]
        self._say([f"Not well yet: {', '.join(unwell)}."])

    def _welcome(self) -> list[str]:
        if self.with_simulator:
            var = self.place.var
            return welcome_to_pretend_network(
                self.place, first_line(var / FILE), take_way_in(var / LINK_FILE)
            )
        return welcome_to_twilio(self.place, self.environment["PUBLIC_BASE_URL"].rstrip("/"))

    def _web(self) -> Program:
        return self._python(
            "web",
            "gunicorn",
            "--config=python:helpline.running.web_server",
            f"--bind=127.0.0.1:{self.place.port}",
            "app:create_app()",
        )

    def _workers_and_clock(self) -> list[Program]:
        workers = (
            self._python(f"{queue} worker", "queue_workers.worker", queue) for queue in QUEUES
        )
        return [*workers, self._python("clock", "queue_workers.clock")]

    def _simulator(self) -> Program:
        port, numbers = self.place.simulator_port, self.place.var / FILE
        program = self._python("simulator", "simulator", f"--port={port}", f"--numbers={numbers}")
        # Not as options: those can be read by everybody on the machine.
        credentials = {
            "SIMULATOR_ACCOUNT_SID": self.environment["TWILIO_ACCOUNT_SID"],
            "SIMULATOR_AUTH_TOKEN": self.environment["TWILIO_AUTH_TOKEN"],
        }
        return replace(program, environment={**self.environment, **credentials})

    def _python(self, name: str, module: str, *options: str) -> Program:
        argv = (sys.executable, "-m", module, *options)
        return Program(name, argv, self.environment, self.place.root)

    async def _soon(self, name: str, awaited: Awaitable[object]) -> None:
        """Wait for as long as it takes, and say so when that is long: it may be the disk."""
        waiting = asyncio.ensure_future(awaited)
        try:
            await asyncio.wait_for(asyncio.shield(waiting), _SOON)
        except TimeoutError:
            self.output.say(f"{name} is not ready yet; still waiting. What it said is above.")
            await waiting
        finally:
            waiting.cancel()
