"""Runs a story of programs until somebody asks for its end, and leaves no process behind."""

import asyncio
import signal
from collections.abc import Awaitable, Callable

from helpline.running.guard import ENDING, under_guard
from helpline.running.output import Output
from helpline.running.supervisor import Supervisor

Story = Callable[[Supervisor], Awaitable[None]]
"""Starts programs in their order. What it has started is kept running after it returns."""


class CannotRun(Exception):
    """Why the helpline cannot run here, and what to do about it, in plain sentences."""


def run_until_asked(story: Story, output: Output) -> int:
    """Tell `story`, then wait for Ctrl-C, SIGTERM or SIGHUP; answers the exit code.

    0 when it ended because it was asked to, 1 when the story raised CannotRun. A second Ctrl-C
    ends everything at once.
    """
    return under_guard(lambda guard: asyncio.run(_run(story, output, guard)))


async def _run(story: Story, output: Output, guard: int) -> int:
    async with Supervisor(output) as supervisor:
        asked = _listen_for_the_end(supervisor, output, guard)
        telling = asyncio.ensure_future(story(supervisor))
        waiting = asyncio.create_task(asked.wait())
        try:
            await asyncio.wait({telling, waiting}, return_when=asyncio.FIRST_COMPLETED)
            if telling.done():
                await telling
            await waiting
        except CannotRun as why:
            output.say(str(why))
            return 1
        finally:
            telling.cancel()
            await asyncio.gather(telling, return_exceptions=True)
    output.say("Everything has ended. The data stay where they are.")
    return 0


def _listen_for_the_end(supervisor: Supervisor, output: Output, guard: int) -> asyncio.Event:
    loop = asyncio.get_running_loop()
    asked = asyncio.Event()

    def end(number: signal.Signals) -> None:
        # Only a second Ctrl-C is impatience: `make` and a closing terminal send theirs twice.
        if asked.is_set() and number == signal.SIGINT:
            supervisor.kill_everything()
        elif not asked.is_set():
            output.say("Ending everything (Ctrl-C again: at once) ...")
            asked.set()

    def guard_is_gone() -> None:
        loop.remove_reader(guard)
        end(signal.SIGTERM)

    for number in ENDING:
        loop.add_signal_handler(number, end, number)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)
    loop.add_reader(guard, guard_is_gone)
    return asked
