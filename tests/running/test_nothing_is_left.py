"""However the helpline ends, no process of it is left: children, their children, and orphans."""

import os
import signal
import sys

import pytest

on_linux = pytest.mark.skipif(
    sys.platform != "linux", reason="only Linux tells a process that its parent was killed"
)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_asked_politely_everything_ends(house, switchboard, number):
    home = house("web child", "worker")
    (child,) = switchboard.expects("web's child")
    home.gets(number)
    assert home.ends() == 0
    for stub in (*home.stubs, child):
        stub.has_died()
    assert "Everything has ended" in home.said


def test_a_program_that_will_not_end_is_made_to(house):
    home = house("web deaf", "worker")
    home.gets(signal.SIGTERM)
    assert home.ends() == 0
    for stub in home.stubs:
        stub.has_died()


@on_linux
def test_a_grandchild_in_a_session_of_its_own_is_found(house, switchboard):
    home = house("worker grandchild")
    (grandchild,) = switchboard.expects("worker's grandchild")
    home.gets(signal.SIGINT)
    assert home.ends() == 0
    grandchild.has_died()


@on_linux
def test_kill_9_of_the_supervisor_leaves_none(house, switchboard):
    home = house("web deaf child", "worker grandchild")
    strays = switchboard.expects("web's child", "worker's grandchild")
    os.kill(home.supervisor.pid, signal.SIGKILL)
    assert home.ends() == 128 + signal.SIGKILL
    for stub in (*home.stubs, *strays):
        stub.has_died()


def test_kill_9_of_the_guard_leaves_none(house, switchboard):
    home = house("web child", "worker deaf")
    (child,) = switchboard.expects("web's child")
    home.guard.kill()
    home.ends()
    for stub in (*home.stubs, child):
        stub.has_died()


@on_linux
def test_kill_9_of_both_at_once_leaves_none(house):
    home = house("web", "worker")
    home.guard.send_signal(signal.SIGSTOP)  # so that it cannot come to the rescue
    os.kill(home.supervisor.pid, signal.SIGKILL)
    home.guard.kill()
    home.ends()
    for stub in home.stubs:
        stub.has_died()


def test_a_second_ctrl_c_ends_everything_at_once(house):
    home = house("store foundation", "web deaf patient tells")
    home.gets(signal.SIGINT)
    home.stubs[1].was_asked_to_end()
    home.gets(signal.SIGINT)
    assert home.ends() == 0
    for stub in home.stubs:
        stub.has_died()


def test_a_mistake_in_starting_is_shown_and_leaves_none(house):
    home = house("web", "bug")
    home.supervisor.line.sendall(b"!")
    assert home.ends() == 1
    for stub in home.stubs:
        stub.has_died()
    assert "RuntimeError: a mistake of ours" in home.said


def test_where_it_cannot_run_it_says_why_and_leaves_none(house):
    home = house("web", "refusal")
    home.supervisor.line.sendall(b"!")
    assert home.ends() == 1
    for stub in home.stubs:
        stub.has_died()
    assert "It cannot run here." in home.said.splitlines()
    assert "Traceback" not in home.said
