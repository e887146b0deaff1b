"""A day told twice more, shuffled: every webhook and job again, and not a row is different."""

from collections.abc import Callable, Iterable
from io import BytesIO
from random import Random
from typing import Any

import pytest
from sqlalchemy import select

from helpline.database import Base
from tests.harness import Helpline

WsgiApp = Callable[[dict[str, Any], Any], Iterable[bytes]]
# When somebody was last seen alive is no promise.
NOT_COMPARED = {"heartbeats"}


class Recorder:
    """Remembers every webhook that came in and every job that was done, and tells them again."""

    def __init__(self, helpline: Helpline) -> None:
        self.helpline = helpline
        self._answer: WsgiApp = helpline.app.wsgi_app
        self.webhooks: list[tuple[dict[str, Any], bytes]] = []
        self.jobs: list[tuple[str, int]] = []
        helpline.app.wsgi_app = self._listen  # type: ignore[method-assign]
        self._run = helpline._run
        helpline._run = self._listen_to_job  # type: ignore[method-assign]

    def _listen(self, environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        body = environ["wsgi.input"].read()
        self.webhooks.append((environ.copy(), body))
        return self._answer({**environ, "wsgi.input": BytesIO(body)}, start)

    def _listen_to_job(self, job: str, row_id: int) -> None:
        self.jobs.append((job, row_id))
        self._run(job, row_id)

    def tells_again(self, chance: Random) -> list[str]:
        """Everything once more, in another order; the statuses of the answers."""
        statuses: list[str] = []
        again: list[Any] = [*self.webhooks, *self.jobs]
        chance.shuffle(again)
        for first, second in again:
            if isinstance(first, str):
                self._run(first, second)
                continue
            environ = {**first, "wsgi.input": BytesIO(second)}
            chunks = self._answer(environ, lambda status, *_: statuses.append(status))
            b"".join(chunks)
        return statuses


def everything(helpline: Helpline) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table."""
    with helpline.engine.connect() as connection:
        return {
            table.name: sorted(
                (tuple(row) for row in connection.execute(select(table))), key=lambda row: repr(row)
            )
            for table in Base.metadata.sorted_tables
            if table.name not in NOT_COMPARED
        }


def a_day(helpline: Helpline) -> None:
    """Calls answered, passed on, unanswered and silent; offers, messages, callbacks, texts."""
    ada, bob = helpline.on_shift("Ada", "Bob", hours="08:00-18:00")
    carol = helpline.coordinator("Carol")
    sam, tom, edna = helpline.mobile(), helpline.mobile(), helpline.landline()

    caller = edna.calls().stays_silent()
    ada.rings().declines()
    bob.rings().picks_up().presses("1").talks_to(caller)
    caller.waits(200).hangs_up()
    bob.is_texted("follow_up_volunteer").replies("D").is_texted("outcome_worried")
    carol.is_texted("alert_worried")

    sam.texts("Could someone walk my dog?").is_texted("receipt")
    sam.replies("He is small").replies("CALL").is_texted("call_promised")
    ring = ada.rings(1800).picks_up().hears("screening_callback").presses("1")
    ring.hears("callback_connecting")
    sam.rings().picks_up().hears("callback_welcome").talks_to(ring)
    ring.waits(90).hangs_up()
    ada.is_texted("follow_up_volunteer").replies("A").is_texted("outcome_done")

    offering = tom.calls().presses("2")
    offering.says("Tom, Market Street, I have a car", seconds=8).hangs_up()
    for each in (ada, bob, carol, sam, tom):
        helpline.wait(seconds=30)
        each.has_read_everything()

    caller = sam.calls().presses("3")
    caller.says("The dog is lovely, thank you", seconds=6).hangs_up()
    helpline.wait(hours=2)
    tom.texts("STOP").texts("START").texts("I could also shop")
    helpline.wait(hours=24)
    for each in (ada, bob, carol, sam, tom, edna):
        each.has_read_everything().notices_missed_calls()


@pytest.mark.parametrize("seed", [1, 2])
def test_a_day_told_again_in_any_order_changes_nothing(helpline: Helpline, seed: int) -> None:
    recorder = Recorder(helpline)
    a_day(helpline)
    assert len(recorder.webhooks) > 40
    assert len(recorder.jobs) > 10
    before, sent = everything(helpline), len(helpline.network.texts.messages)
    calls = len(helpline.network.calls)
    chance = Random(seed)
    for _ in range(2):
        statuses = recorder.tells_again(chance)
        assert {status[:3] for status in statuses} <= {"200", "204"}
    helpline.wait(minutes=5)
    after = everything(helpline)
    for table, rows in before.items():
        assert after[table] == rows, table
    assert (len(helpline.network.texts.messages), len(helpline.network.calls)) == (sent, calls)
