"""A day told twice more, shuffled: every webhook and job again, and not a row is different."""

import re
from collections.abc import Callable, Iterable, Iterator
from io import BytesIO
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import select

from helpline.config.decided import RingOrder
from helpline.database import Base
from helpline.models import Callback, CallbackStatus, Group, Leg, LegOutcome
from helpline.privacy import traces
from helpline.signing_in import codes
from helpline.telephones import telling
from helpline.watching import heartbeats
from queue_workers import jobs
from tests.canary.cage import Cage
from tests.conversations.test_callbacks import answers, asks_to_be_rung
from tests.conversations.test_callbacks import takes_it as rung_back_by
from tests.conversations.test_ringing_through import press, takes_it, texts_in
from tests.harness import HEBDEN, Helpline
from tests.people import Neighbour

WsgiApp = Callable[[dict[str, Any], Any], Iterable[bytes]]
# When somebody was last seen alive is no promise.
NOT_COMPARED = {"heartbeats"}
# A day in which one of these never came would prove nothing of it.
EVERY_KIND = {
    *("/calls/incoming", "/calls/main_menu", "/calls/ring", "/calls/waiting", "/calls/status"),
    *("/calls/say_offer", "/calls/leave_message", "/recordings/status"),
    *("/legs/N/picked_up", "/legs/N/screening", "/legs/N/connect", "/legs/N/status"),
    *("/legs/N/screening_callback", "/legs/N/caller_picked_up", "/legs/N/caller_status"),
    *("/legs/N/screening_through", "/texts/incoming", "/texts/status"),
    *("/canary/rings", "/canary/picks_up", "/canary/screening", "/canary/accepting"),
    *("/volunteers/codes/N/picked_up", "/volunteers/codes/N/who_is_there", "/volunteers/prompts/N"),
    *(name for name, job in vars(jobs).items() if getattr(job, "__module__", "") == jobs.__name__),
}


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

    @property
    def doors(self) -> set[str]:
        """Every webhook and job that there was, without the numbers in their names."""
        paths = (environ["PATH_INFO"] for environ, _ in self.webhooks)
        jobs = (job.rpartition(".")[2] for job, _ in self.jobs)
        return {re.sub(r"\d+", "N", path) for path in paths} | set(jobs)

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
    """Calls answered, passed on, unanswered and silent; offers, messages, callbacks, texts.

    What the network tells of them comes late, twice and in the wrong order, as it may.
    """
    ada, bob = helpline.on_shift("Ada", "Bob", hours="08:00-18:00")
    carol = helpline.coordinator("Carol")
    sam, tom, edna = helpline.mobile(), helpline.mobile(), helpline.landline()
    for what in ("twice", "late", "swapped"):
        helpline.network.faults.callbacks(what, 8)  # type: ignore[arg-type]
    the_line_rings_itself(helpline)

    caller = edna.calls().stays_silent()
    ada.rings().declines()
    bob.rings().picks_up().presses("1").talks_to(caller)
    caller.waits(640)
    # A long talk is asked after, and so is what came while nothing of ours answered.
    helpline.clockwork.tick()
    caller.hangs_up()
    bob.is_texted("follow_up_volunteer").replies("D").is_texted("outcome_worried")
    carol.is_texted("alert_worried")

    sam.texts("Could someone walk my dog?").is_texted("receipt")
    sam.replies("He is small").replies("CALL").is_texted("call_promised")
    ring = ada.rings(1800).picks_up().hears("screening_callback").presses("1")
    ring.hears("callback_connecting")
    sam.rings().picks_up().hears("callback_welcome").talks_to(ring)
    ring.waits(90).hangs_up()
    ada.is_texted("follow_up_volunteer").replies("A").is_texted("outcome_done")

    offering = tom.calls().presses("2").hears("welcome", "offer")
    offering.says("Tom, Market Street, I have a car", seconds=8).hangs_up()
    for each in (ada, bob, carol, sam, tom):
        helpline.wait(seconds=30)
        each.has_read_everything()

    caller = sam.calls().presses("3").hears("welcome", "leave_message")
    caller.says("The dog is lovely, thank you", seconds=6).hangs_up()
    a_round_of_all_at_once(helpline, edna)
    carol_rings_through_the_line(helpline)
    helpline.wait(hours=2)
    tom.texts("STOP").texts("START").texts("I could also shop")
    two_are_told_something(helpline)
    helpline.wait(hours=24)
    what_is_old_is_forgotten(helpline, edna)
    for each in (ada, bob, carol, *helpline.neighbours):
        each.has_read_everything().notices_missed_calls()


def the_line_rings_itself(helpline: Helpline) -> None:
    cage = Cage(helpline)
    cage.waits(minutes=3)
    assert [run.went_well for run in cage.runs] == [True]


def a_round_of_all_at_once(helpline: Helpline, edna: Neighbour) -> None:
    """Everybody's telephone rings; the line of the first to press 1 drops; the second comes."""
    helpline.network.assumptions.calls_per_second = 100
    with helpline.database.unit_of_work() as session:
        group = session.get_one(Group, helpline.group_named(HEBDEN))
        group.ring_order = RingOrder.ALL_AT_ONCE
        heartbeats.beat(session, heartbeats.WORKER, helpline.clock.now())
    ada, bob = helpline.people["Ada"], helpline.people["Bob"]
    caller = edna.calls().presses("1")
    ring, _ = ada.rings(within=5), bob.rings(within=5)
    ring.picks_up().waits(1).presses("1").hangs_up()
    bob.rings().waits(5).picks_up().presses("1").talks_to(caller)
    caller.waits(60).hangs_up()
    helpline.wait(seconds=30)
    assert [leg.outcome for leg in helpline.rows(Leg)][-1] is LegOutcome.TALKED


def carol_rings_through_the_line(helpline: Helpline) -> None:
    carol, may = helpline.people["Carol"], texts_in(helpline)
    press(helpline, carol, may)
    ring = takes_it(carol)
    may.rings().picks_up().hears("through_welcome").talks_to(ring)
    ring.waits(60).hangs_up()


def two_are_told_something(helpline: Helpline) -> None:
    """Dot, who has no mobile, signs in to the pages; Carol listens to what callers hear."""
    dot, carol = helpline.volunteer("Dot", landline=True), helpline.people["Carol"]
    at = helpline.clock.now()
    with helpline.database.unit_of_work() as session:
        codes.ask(session, helpline.house.rules, "Dot", at)
        telling.hear_prompt(session, carol.id, "welcome", "en", at)
    dot.rings().picks_up().hears("sign_in_call").presses("1").hears("sign_in_code").is_over()
    carol.rings().picks_up().hears("welcome").is_over()


def what_is_old_is_forgotten(helpline: Helpline, who: Neighbour) -> None:
    """The network is asked to forget a call."""
    at = helpline.clock.now()
    with helpline.database.unit_of_work() as session:
        traces.leave(session, [who.phone.history[0].call.sid], at)
    helpline.clockwork.tick()
    helpline.wait(minutes=1)


@pytest.fixture
def either(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Helpline]:
    """A helpline on either database."""
    url = None
    if request.param == "postgresql":
        url = request.getfixturevalue("migrated_postgresql_url")
    helpline = Helpline(tmp_path, url)
    yield helpline
    helpline.nothing_else_happened()
    helpline.close()


@pytest.mark.parametrize(
    ("either", "seed"), [("sqlite", 1), ("sqlite", 2), ("postgresql", 3)], indirect=["either"]
)
def test_a_day_told_again_in_any_order_changes_nothing(either: Helpline, seed: int) -> None:
    recorder = Recorder(either)
    a_day(either)
    assert recorder.doors >= EVERY_KIND, EVERY_KIND - recorder.doors
    before, sent = everything(either), len(either.network.texts.messages)
    calls = len(either.network.calls)
    chance = Random(seed)
    for _ in range(2):
        statuses = recorder.tells_again(chance)
        assert {status[:3] for status in statuses} <= {"200", "204"}
    either.wait(minutes=5)
    after = everything(either)
    for table, rows in before.items():
        assert after[table] == rows, table
    assert (len(either.network.texts.messages), len(either.network.calls)) == (sent, calls)


def test_a_message_told_again_after_they_were_rung_back_owes_nothing(helpline: Helpline) -> None:
    recorder = Recorder(helpline)
    edna = helpline.landline()
    caller = edna.calls().presses("3").hears("welcome", "leave_message")
    caller.says("Could somebody fetch bread?", seconds=8).hangs_up()
    helpline.wait(minutes=1)
    ada = helpline.on_shift("Ada")
    answers(edna, rung_back_by(ada)).waits(60).hangs_up()
    ada.is_texted("follow_up_volunteer")
    recorder.tells_again(Random(1))
    assert [each.status for each in helpline.rows(Callback)] == [CallbackStatus.KEPT]


def test_a_talk_told_again_keeps_no_promise_that_was_made_since(helpline: Helpline) -> None:
    recorder = Recorder(helpline)
    edna = helpline.landline()
    ada = helpline.on_shift("Ada", hours="10:00-10:10")
    caller = edna.calls().presses("1")
    ada.rings().picks_up().presses("1").talks_to(caller)
    caller.waits(60).hangs_up()
    ada.is_texted("follow_up_volunteer")
    helpline.wait(minutes=15)
    asks_to_be_rung(helpline, edna)
    recorder.tells_again(Random(1))
    assert [each.status for each in helpline.rows(Callback)] == [CallbackStatus.OWED]
