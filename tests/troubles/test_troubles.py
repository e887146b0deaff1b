"""Trouble with the house itself: coordinators are told in words, seldom, and when it is over."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from helpline.models import Trouble
from helpline.watching import disk, heartbeats
from queue_workers import watch
from tests.canary.cage import ADA, mail_server
from tests.conversations.test_callbacks import asks_to_be_rung
from tests.harness import TODMORDEN, Helpline
from tests.people import Volunteering
from tests.settings.mistakes import MISTAKES
from tests.troubles.watching import Watched


@pytest.fixture
def watched(helpline: Helpline, tmp_path: Path) -> Watched:
    return Watched(helpline, tmp_path)


@pytest.fixture
def cora(helpline: Helpline) -> Volunteering:
    return helpline.coordinator("Cora")


def test_a_house_that_is_well_says_nothing(watched: Watched, cora: Volunteering) -> None:
    watched.goes_on(minutes=10)
    assert cora.texts_from_us == []
    assert watched.helpline.rows_of(Trouble) == []


def test_a_part_that_is_gone_is_told_once_and_so_is_its_return(
    watched: Watched, cora: Volunteering
) -> None:
    watched.alive.discard(heartbeats.WORKER)
    watched.goes_on(minutes=2)
    assert cora.texts_from_us == []
    watched.goes_on(minutes=5)
    watched.helpline.wait(minutes=80)
    watched.goes_on(minutes=5)
    cora.is_texted("trouble_call_worker")
    watched.alive.add(heartbeats.WORKER)
    watched.goes_on(minutes=5)
    cora.is_texted("trouble_over")


def test_what_comes_and_goes_is_told_at_most_once_an_hour(
    watched: Watched, cora: Volunteering
) -> None:
    for _ in range(7):
        watched.alive.discard(heartbeats.WORKER)
        watched.goes_on(minutes=5)
        watched.alive.add(heartbeats.WORKER)
        watched.goes_on(minutes=5)
    told = [each.at for each in cora.texts_from_us if "well again" not in each.body]
    assert len(told) == 2
    assert told[1] - told[0] >= timedelta(hours=1)
    cora.has_read_everything()


def test_where_no_worker_sends_texts_the_clock_sends_this_one(
    watched: Watched, cora: Volunteering
) -> None:
    watched.helpline.clockwork.redis_is_there = False
    watched.queue_is_well = False
    watched.alive.discard(heartbeats.TEXT_WORKER)
    watched.goes_on(minutes=5)
    cora.is_texted("trouble_text_worker").is_texted("trouble_queue")


def test_where_the_clock_is_gone_a_worker_says_so(watched: Watched, cora: Volunteering) -> None:
    worker = watched.watcher()

    def stands_in() -> None:
        worker.stand_in(watched.helpline.clock.now())

    watched.goes_on(stands_in, minutes=5)
    assert cora.texts_from_us == []
    watched.alive.discard(heartbeats.CLOCK)
    watched.goes_on(stands_in, minutes=5)
    cora.is_texted("trouble_clock")


def test_everybody_who_runs_a_group_is_told_once(watched: Watched, cora: Volunteering) -> None:
    watched.helpline.valley()
    tess = watched.helpline.coordinator("Tess", group=TODMORDEN)
    watched.helpline.volunteer("Bob")
    watched.alive.discard(heartbeats.WORKER)
    watched.goes_on(minutes=5)
    cora.is_texted("trouble_call_worker")
    tess.is_texted("trouble_call_worker")


def test_nobody_is_woken_and_it_is_told_in_the_morning_if_it_is_still_so(
    watched: Watched, cora: Volunteering
) -> None:
    late = watched.helpline.clock.now().replace(hour=23)
    watched.helpline.wait_until(late)
    watched.alive.discard(heartbeats.WORKER)
    watched.goes_on(minutes=30)
    watched.queue_is_well = False
    watched.goes_on(minutes=30)
    watched.queue_is_well = True
    assert cora.texts_from_us == []
    watched.helpline.wait_until(late + timedelta(hours=9))
    watched.goes_on(minutes=1)
    cora.is_texted("trouble_call_worker")


def test_what_is_over_in_the_night_is_told_in_the_morning(
    watched: Watched, cora: Volunteering
) -> None:
    evening = watched.helpline.clock.now().replace(hour=20, minute=50)
    watched.helpline.wait_until(evening)
    watched.alive.discard(heartbeats.WORKER)
    watched.goes_on(minutes=15)
    cora.is_texted("trouble_call_worker")
    watched.alive.add(heartbeats.WORKER)
    watched.goes_on(minutes=5)
    watched.helpline.wait_until(evening + timedelta(hours=11, minutes=20))
    watched.goes_on(minutes=1)
    cora.is_texted("trouble_over")
    watched.goes_on(minutes=5)


def test_where_there_is_an_address_it_is_written_to_as_well(
    helpline: Helpline, cora: Volunteering, tmp_path: Path
) -> None:
    with mail_server() as (server, heard):
        watched = Watched(helpline, tmp_path, mail=server)
        watched.queue_is_well = False
        watched.goes_on(minutes=5)
    cora.is_texted("trouble_queue")
    assert f"rcpt TO:<{ADA}>" in heard
    assert "Texts and calls back are late" in " ".join(heard)


@pytest.mark.parametrize("put_off", [0, 2])
def test_without_the_database_a_letter_tells_it_once_an_hour(
    helpline: Helpline, tmp_path: Path, put_off: int
) -> None:
    helpline.coordinator("Cora")
    with mail_server(put_off) as (server, heard):
        watched = Watched(helpline, tmp_path, mail=server)
        watched.goes_on(minutes=1)
        away = helpline.engine.url.database or ""
        helpline.engine.dispose()
        Path(away).rename(f"{away}.away")
        Path(away).mkdir()
        for _ in range(100):
            helpline.wait(seconds=30)
            watched.looks()
        Path(away).rmdir()
        Path(f"{away}.away").rename(away)
        watched.goes_on(minutes=1)
    letters = [each for each in heard if each.startswith("Subject: ")]
    assert letters == [
        "Subject: The helpline's database does not answer",
        "Subject: The helpline is well again: what we texted you about it is over",
    ]


def test_what_was_trouble_an_hour_ago_is_no_letter_any_more(
    helpline: Helpline, cora: Volunteering, tmp_path: Path
) -> None:
    with mail_server(put_off=1_000) as (server, heard):
        watched = Watched(helpline, tmp_path, mail=server)
        watched.queue_is_well = False
        watched.goes_on(minutes=80)
    tried = [each for each in heard if each.startswith("rcpt")]
    assert len(tried) == pytest.approx(30, abs=2)
    cora.is_texted("trouble_queue")


def test_a_database_that_takes_long_is_told(
    watched: Watched, cora: Volunteering, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "SLOW_SECONDS", 0.0)
    watched.goes_on(minutes=10)
    cora.is_texted("trouble_database")


def test_an_edit_with_a_slip_is_told_with_place_and_remedy_before_anything_restarts(
    watched: Watched, cora: Volunteering
) -> None:
    old, new, _ = MISTAKES["a time that no clock shows"]
    good = watched.config.read_text(encoding="utf-8")
    watched.config.write_text(good.replace(old, new), encoding="utf-8")
    watched.goes_on(minutes=5)
    cora.is_texted("trouble_config")
    assert "config.yaml, line " in cora.last_text
    watched.config.write_text(good, encoding="utf-8")
    watched.goes_on(minutes=1)
    cora.is_texted("trouble_over")


def test_texts_that_do_not_arrive_one_after_the_other_are_told(
    watched: Watched, cora: Volunteering
) -> None:
    sams = [watched.helpline.mobile() for _ in range(5)]
    for sam in sams:
        sam.phone.behaves("dead")
        sam.texts("Could somebody fetch my prescription?")
    watched.goes_on(minutes=5)
    told = [watched.helpline.script.text(each.body)[0] for each in cora.texts_from_us]
    assert told.count("trouble_texts") == 1
    cora.has_read_everything()


def test_many_promises_that_are_late_are_told_together(
    watched: Watched, cora: Volunteering
) -> None:
    for _ in range(3):
        asks_to_be_rung(watched.helpline)
    watched.helpline.wait(minutes=80)
    watched.goes_on(minutes=5)
    told = [watched.helpline.script.text(each.body)[0] for each in cora.texts_from_us]
    assert told.count("trouble_promises") == 1
    cora.has_read_everything()


@pytest.mark.parametrize(
    ("good", "failed", "is_told"),
    [
        (timedelta(hours=30), None, False),
        (timedelta(hours=49), None, True),
        (timedelta(hours=30), timedelta(hours=6), True),
        (timedelta(hours=6), timedelta(hours=30), False),
        (None, None, False),
    ],
)
def test_a_backup_that_failed_or_is_old_is_told(
    watched: Watched,
    cora: Volunteering,
    good: timedelta | None,
    failed: timedelta | None,
    is_told: bool,
) -> None:
    now: datetime = watched.helpline.clock.now()
    with watched.helpline.database.unit_of_work() as session:
        for name, ago in ((heartbeats.BACKUP, good), (heartbeats.BACKUP_FAILED, failed)):
            if ago is not None:
                heartbeats.beat(session, name, now - ago)
    watched.goes_on(minutes=5)
    if is_told:
        cora.is_texted("trouble_backup")
    assert len(cora.texts_from_us) == is_told


def test_a_disk_that_is_nearly_full_is_told_before_it_is(
    watched: Watched, cora: Volunteering, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disk, "LEAST_BYTES", 2**63)
    watched.goes_on(minutes=5)
    cora.is_texted("trouble_disk")
    assert " MB left" in cora.last_text
