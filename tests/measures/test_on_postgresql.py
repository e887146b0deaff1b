"""The house is watched and counted on PostgreSQL as well, which reads statements more strictly."""

from pathlib import Path

from helpline.figures.values import Went
from helpline.watching import heartbeats, measures
from helpline.watching.troubles import Cause
from tests.harness import Helpline
from tests.troubles.watching import Watched


def test_trouble_is_told_and_calls_are_counted(
    tmp_path: Path, migrated_postgresql_url: str
) -> None:
    helpline = Helpline(tmp_path, migrated_postgresql_url)
    cora, ada = helpline.coordinator("Cora"), helpline.on_shift("Ada")
    call = helpline.landline().calls().presses("1")
    ada.rings().picks_up().hears("screening").presses("1")
    call.waits(60).hangs_up()
    ada.is_texted("follow_up_volunteer")
    watched = Watched(helpline, tmp_path)
    watched.alive.discard(heartbeats.WORKER)
    watched.goes_on(minutes=4)
    cora.is_texted("trouble_call_worker")
    with helpline.database.reading() as session:
        found = measures.take(session, helpline.clock.now())
    assert found.calls[Went.ANSWERED_SOON] == 1
    assert found.waits.callers == 1
    assert found.troubles == {Cause.CALL_WORKER}
    assert sum(found.texts.values()) == 2
    assert found.database_bytes > 1_000_000
    # Nothing is said of a disk that is not seen from here.
    assert "disk" not in helpline.app.test_client().get("/health").json
    watched.alive.add(heartbeats.WORKER)
    watched.goes_on(minutes=1)
    cora.is_texted("trouble_over")
    helpline.nothing_else_happened()
    helpline.close()
