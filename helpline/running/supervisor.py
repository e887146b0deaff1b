"""Keeps programs running: starts them, starts again what died, and ends them all, in order."""

import asyncio
import signal

from helpline.running.output import Output, Pipe
from helpline.running.programs import Program, Running, start

_LIVED_WELL = 30.0  # seconds: whoever lived that long has no history of dying


def back_off(deaths: int) -> float:
    """Seconds to wait before the start that follows the `deaths`-th death in a row (1, 2, …)."""
    return min(0.5 * 2.0 ** min(deaths - 1, 10), 30.0)


def how_it_ended(code: int) -> str:
    """An exit code in words."""
    if code >= 0:
        return f"exit code {code}"
    try:
        return f"killed by {signal.Signals(-code).name}"
    except ValueError:
        return f"killed by signal {-code}"


class Supervisor:
    """Used as `async with`: on the way out, for whatever reason, everything is ended."""

    def __init__(self, output: Output) -> None:
        self._output = output
        self._tasks: dict[asyncio.Task[None], Program] = {}
        self._running: set[Running] = set()
        self._in_a_hurry = False

    async def __aenter__(self) -> "Supervisor":
        return self

    async def __aexit__(self, *_: object) -> None:
        for foundations in (False, True):
            tasks = [
                t for t, program in self._tasks.items() if program.is_foundation is foundations
            ]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def keep(self, program: Program) -> None:
        """Start `program`, and start it again whenever it ends, for as long as the house stands."""
        task = asyncio.create_task(self._keep(program), name=program.name)
        self._tasks[task] = program

    async def run(self, program: Program) -> int:
        """Run `program` once, to its end; answers its exit code."""
        code, _ = await self._live(program)
        return code

    def kill_everything(self) -> None:
        """For somebody who has pressed Ctrl-C twice."""
        self._in_a_hurry = True
        for running in self._running:
            running.kill()

    async def _keep(self, program: Program) -> None:
        deaths = 0
        while True:
            code, lived = await self._live(program)
            deaths = 1 if lived > _LIVED_WELL else deaths + 1
            pause = back_off(deaths)
            why = f" {program.log} may say why." if program.log else ""
            self._output.say(
                f"{program.name} has ended by itself ({how_it_ended(code)}); "
                f"starting it again in {pause:g} s.{why}"
            )
            await asyncio.sleep(pause)

    async def _live(self, program: Program) -> tuple[int, float]:
        """One life of `program`: its exit code, and how many seconds it lasted."""
        loop = asyncio.get_running_loop()
        born = loop.time()
        pipe = Pipe(program.name, self._output)
        try:
            running = await self._start(program, pipe)
        except OSError as error:
            self._output.say(f"{program.name} cannot be started: {error}")
            return 127, 0.0
        else:
            return await self._wait(running), loop.time() - born
        finally:
            pipe.close()

    async def _start(self, program: Program, pipe: Pipe) -> Running:
        starting = asyncio.ensure_future(start(program, pipe.writing))
        try:
            running = await asyncio.shield(starting)
        except asyncio.CancelledError:
            # Between the fork and the note of its pid: wait for the note, lest it be lost.
            (await starting).kill()
            raise
        finally:
            pipe.close_writing()
        self._running.add(running)
        return running

    async def _wait(self, running: Running) -> int:
        try:
            return await running.wait()
        except asyncio.CancelledError:
            if self._in_a_hurry:
                running.kill()
            await running.end()
            raise
        finally:
            self._running.discard(running)
