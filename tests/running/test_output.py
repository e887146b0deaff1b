"""The terminal shows whose line it is, and no phone number."""

import io
import os

import pytest

from helpline.running.output import Output, mask


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("rang +447700900123 twice", "rang …0123 twice"),
        ("From=%2B447700900123&To=%2B441632960000", "From=…0123&To=…0000"),
        ("call CA01234567890123456789012345678901 ended", None),
        ("caller 07700900123, again", "caller …0123, again"),
        ("00447700900123", "…0123"),
        ("number='+441632960001'", "number='…0001'"),
        ("took 0.0123456789 s at 2026-11-22T03:00:00.000123+00:00", None),
        ("pid 1234567, request 4821, 1763780400.25", None),
    ],
)
def test_numbers_are_masked_and_nothing_else(line, shown):
    assert mask(line) == (line if shown is None else shown)


def test_lines_stand_under_their_programs_names():
    stream = io.StringIO()
    output = Output(stream, coloured=False)
    output.line("web", "hello")
    output.line("clock", "tick from +447700900123")
    output.say("ready")
    assert stream.getvalue() == "web          | hello\nclock        | tick from …0123\nready\n"


def test_colours_differ_by_program_and_only_where_wanted():
    stream = io.StringIO()
    output = Output(stream, coloured=True)
    output.line("web", "hello")
    output.line("clock", "hello")
    first, second = stream.getvalue().splitlines()
    assert first.startswith("\033[36m")
    assert second.startswith("\033[33m")


def test_a_terminal_that_is_gone_is_forgiven():
    reading, writing = os.pipe()
    os.close(reading)
    stream = os.fdopen(writing, "w", closefd=False)
    Output(stream, coloured=False).say("is anybody there?")
    os.close(writing)


def test_a_terminal_that_is_not_read_does_not_hold_the_helpline_up():
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb") as held, os.fdopen(writing, "w") as stream:
        output = Output(stream, coloured=False)
        for _ in range(1_000):
            output.line("web", "x" * 1_000)
        assert len(os.read(held.fileno(), 1_000_000)) < 1_000_000
        output.say("there you are")
        assert b"lines were not shown" in os.read(held.fileno(), 1_000_000)
