"""Anything at all is read or refused in words: a few inputs of each kind, and what once broke one.

`make fuzz` tries ten million.
"""

from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings

from tests.fuzz.__main__ import SHARES
from tests.fuzz.parsers import PARSERS, Parser
from tests.fuzz.parts import inputs

BY_NAME = {parser.name: parser for parser in PARSERS}


@pytest.mark.parametrize("parser", PARSERS, ids=lambda parser: parser.name)
def test_whatever_comes_is_read_or_refused(parser: Parser) -> None:
    for each in parser.seeds():
        parser.feed(each)

    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(inputs(parser))
    def feed(data: bytes) -> None:
        parser.feed(data)

    feed()


def test_every_parser_gets_its_share() -> None:
    assert SHARES.keys() == BY_NAME.keys()
    assert sum(SHARES.values()) == 1_000_000


@pytest.mark.parametrize(
    ("parser", "broke"),
    [
        pytest.param("twiml", b'<Say><break time=".s"/></Say>', id="a pause of a full stop"),
        *(
            pytest.param(parser, broke * 3000, id=f"{parser} with {broke!r} in itself")
            for parser, broke in product(("config", "load files", "edits"), (b"[", b'{"a": '))
        ),
        pytest.param("sealed", b"~0000~" + b"A" * 25, id="sealed words with a part missing"),
    ],
)
def test_what_once_broke_one(parser: str, broke: bytes) -> None:
    BY_NAME[parser].feed(broke)
