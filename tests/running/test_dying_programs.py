"""A program that dies is started again, and the others never notice."""

import select
import signal
import time

from helpline.running.supervisor import back_off, how_it_ended


def test_a_killed_program_is_started_again(house, switchboard):
    home = house("store foundation", "web")
    store, web = home.stubs
    web.is_killed()
    (again,) = switchboard.expects("web")
    assert again.pid != web.pid
    assert store.is_alive
    home.gets(signal.SIGTERM)
    assert home.ends() == 0
    again.has_died()
    assert "web has ended by itself (killed by SIGKILL); starting it again in 0.5 s." in home.said


def test_what_a_killed_program_leaves_is_ended_before_it_is_started_again(house, switchboard):
    """A killed gunicorn's workers hold the port that the next gunicorn needs."""
    home = house("web child")
    (child,) = switchboard.expects("web's child")
    home.stubs[0].is_killed()
    child.has_died()
    switchboard.expects("web", "web's child")


def test_a_program_that_keeps_ending_is_started_less_and_less_often(house, switchboard):
    home = house("clock")
    home.stubs[0].exits(3)
    (second,) = switchboard.expects("clock")
    second.exits(3)
    (third,) = switchboard.expects("clock")
    home.gets(signal.SIGTERM)
    home.ends()
    third.has_died()
    assert "(exit code 3); starting it again in 0.5 s." in home.said
    assert "(exit code 3); starting it again in 1 s." in home.said


def test_the_pause_grows_and_has_an_end():
    assert [back_off(deaths) for deaths in (1, 2, 3, 4, 7, 8, 5_000)] == [0.5, 1, 2, 4, 30, 30, 30]


def test_what_others_stand_on_is_asked_to_end_when_they_have_ended(house):
    home = house("store foundation tells", "web deaf tells patient")
    store, web = home.stubs
    home.gets(signal.SIGTERM)
    web.was_asked_to_end()
    too_early, _, _ = select.select([store.line], [], [], 0.3)
    assert too_early == []
    nearly_gone = time.monotonic()
    web.exits(0)
    assert store.was_asked_to_end() > nearly_gone
    assert home.ends() == 0
    store.has_died()


def test_how_it_ended_is_said_in_words():
    assert how_it_ended(0) == "exit code 0"
    assert how_it_ended(-signal.SIGSEGV) == "killed by SIGSEGV"
    assert how_it_ended(-99) == "killed by signal 99"
