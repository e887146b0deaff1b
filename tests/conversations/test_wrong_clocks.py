"""Our clock goes wrong: nothing is sent twice, and nobody who rang is overlooked."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.harness import Helpline


def is_ahead(helpline: Helpline, by: timedelta) -> None:
    """The workers' clock, and not the network's."""
    helpline.house = replace(helpline.house, clock=lambda: helpline.clock.now() + by)


@pytest.mark.parametrize("by", [timedelta(minutes=5), -timedelta(minutes=5)])
def test_a_text_that_went_out_is_found_by_any_clock(helpline: Helpline, by: timedelta) -> None:
    helpline.on_shift("Ada")
    is_ahead(helpline, by)
    helpline.network.faults.rest("timeout_after", path="Messages")
    helpline.network.faults.callbacks("lost", times=None, about="text-status")
    sam = helpline.mobile().texts("Could someone walk my dog?")
    helpline.wait(minutes=10)
    sam.is_texted("receipt")


def test_who_rang_while_our_clock_was_wrong_is_found_when_it_is_right(helpline: Helpline) -> None:
    helpline.expects_errors()
    helpline.clockwork.tick()
    helpline.wait(seconds=1)
    is_ahead(helpline, timedelta(hours=2))
    helpline.wait(seconds=31)
    helpline.clockwork.tick()
    helpline.network.faults.webhooks("refused", times=None)
    edna = helpline.landline()
    edna.calls().waits(30)
    helpline.network.faults.clear()
    is_ahead(helpline, timedelta(0))
    helpline.wait(seconds=31)
    helpline.clockwork.tick()
    helpline.wait(seconds=1)
    assert len(helpline.calls_of(edna)) == 1
