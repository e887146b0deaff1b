"""Calls, played on the page: who rings, who is heard, who talks to whom."""

from __future__ import annotations

from tests.handsets.table import Table


def test_silence_is_put_through_to_the_second_volunteer(table: Table) -> None:
    edna, ada, bob = table.of("Edna"), table.of("Ada"), table.of("Bob")
    edna.presses("Call").hears("Village. Press 1.")
    ada.rings().shows("Village").presses("Decline")
    bob.rings().presses("Pick up").hears("Jeden?").presses("1")
    edna.shows("Talking with Bob")
    bob.shows("Talking with Edna")
    table.tells("Edna and Bob are talking.")
    edna.says("Hello Bob.")
    bob.hears("Hello Bob.").presses("Hang up").is_idle()
    edna.hears("Bye.").is_idle()
