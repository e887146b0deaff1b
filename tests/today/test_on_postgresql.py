"""The day at a glance is the same on PostgreSQL, which reads statements more strictly."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import update

from helpline.models import Request
from tests.harness import Helpline
from tests.today.eyes import Eyes, all_parts_beat


@pytest.fixture
def helpline(tmp_path: Path, postgresql_url: str) -> Iterator[Helpline]:
    """The whole helpline, on PostgreSQL."""
    house = Helpline(tmp_path, postgresql_url)
    yield house
    house.nothing_else_happened()
    house.close()


def test_everything_that_can_be_seen_is_seen(helpline: Helpline) -> None:
    eyes = Eyes(helpline)
    all_parts_beat(helpline)
    bob = helpline.on_shift("Bob", hours="08:00-12:00")
    edna, sam = helpline.landline(), helpline.mobile()
    sam.phone.behaves("dead")
    sam.texts("Could someone walk my dog?")
    bob.phone.behaves("no_answer")
    edna.calls().presses("1").waits(40).presses("1")
    caller = helpline.landline().calls().presses("3").hears("welcome", "leave_message")
    caller.says("My heating is off", seconds=8).hangs_up()
    helpline.wait(minutes=1)
    helpline.coordinator("Carol").texts("STOP")
    asked = helpline.rows(Request)[0]
    with helpline.database.unit_of_work() as session:
        due = update(Request).filter_by(id=asked.id).values(due_at=helpline.clock.now())
        session.execute(due)
    tag = eyes.look().tag
    bob.phone.behaves("waits")
    helpline.landline().calls().presses("1")
    ring = bob.rings()
    seen = eyes.look()
    assert [call.ringing for call in seen.glance.calls] == [("Bob",)]
    assert len(seen.promises) == 3
    assert len(seen.glance.voicemails) == 1
    assert len(seen.glance.not_delivered) == 1
    assert [each.name for each in seen.stopped] == ["Carol"]
    assert seen.holes
    assert not eyes.is_fresh(tag)
    assert eyes.is_fresh(seen.tag)
    ring.declines()
    bob.notices_missed_calls().has_read_everything()
