"""Somebody presses 1 and is gone, or the caller is, before a word is said: nobody has talked."""

from helpline.models import Leg, LegOutcome
from tests.harness import Helpline


def test_the_caller_hangs_up_as_somebody_presses_1(helpline: Helpline) -> None:
    ada = helpline.on_shift("Ada")
    edna = helpline.mobile()
    caller = edna.calls().presses("1")
    ada.rings().picks_up().presses("1").talks_to(caller)
    caller.waits(1).hangs_up()
    ada.is_texted("caller_rang_off")  # and is not asked how it went
    edna.is_texted("follow_up_caller")
    # They pressed a key: they are rung back.
    ada.rings(1800).picks_up().presses("1")
    edna.rings().picks_up()


def test_who_presses_1_and_hangs_up_at_once_leaves_the_caller_to_the_next(
    helpline: Helpline,
) -> None:
    ada, bob = helpline.on_shift("Ada", "Bob")
    caller = helpline.landline().calls().presses("1")
    ring = ada.rings().picks_up().presses("1").talks_to(caller)
    ring.waits(1).hangs_up()
    bob.rings().picks_up().presses("1").talks_to(caller)
    caller.waits(60).hangs_up()
    bob.is_texted("follow_up_volunteer")
    assert [leg.outcome for leg in helpline.rows(Leg)] == [LegOutcome.NOT_TAKEN, LegOutcome.TALKED]
