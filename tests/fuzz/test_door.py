"""Whatever knocks, at any door of the whole house: a few requests of each kind.

`make fuzz` sends three hundred thousand.
"""

from pathlib import Path

from tests.fuzz.door import House, knock
from tests.fuzz.faults import Finds
from tests.harness import Helpline

# Fewer tell little: what is found on one page leads to the next.
REQUESTS = 500


def test_nothing_that_knocks_breaks_anything(tmp_path: Path) -> None:
    helpline, finds = Helpline(tmp_path), Finds()
    helpline.valley()
    helpline.coordinator("Carol")
    helpline.on_shift("Ada", "Bob")
    helpline.mobile().texts("Could somebody walk Rex?")
    helpline.landline().calls().presses("3").says("My prescription, please", seconds=9).hangs_up()
    answers = knock(House(helpline), range(REQUESTS), 11, finds)
    helpline.close()
    assert not finds.count, finds.told()
    assert {"signed 200", "signed 204", "signed 400", "signed 404", "Carol 200"} <= answers.keys()
