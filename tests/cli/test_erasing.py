"""`helpline export` and `helpline erase`: handed over or forgotten, once it was said what goes."""

import stat
import zipfile
from pathlib import Path

from helpline.models import Caller
from tests.cli.typing_in import Terminal
from tests.harness import Helpline


def test_everything_is_handed_over_in_one_file(
    helpline: Helpline, beside: Terminal, tmp_path: Path
) -> None:
    sam = helpline.mobile()
    sam.texts("Could somebody walk my dog?").is_texted("receipt")
    file = tmp_path / "sam.zip"
    beside.types(f"export {sam.phone.number} --into {file}")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with zipfile.ZipFile(file) as packed:
        assert "Could somebody walk my dog?" in packed.read("about.html").decode()
    again = beside.types(f"export {sam.phone.number} --into {file}", exit_code=2)
    assert again == f"{file} is there already; name another file.\n"


def test_who_is_erased_is_told_of_first_and_can_be_kept(
    helpline: Helpline, beside: Terminal
) -> None:
    edna = helpline.landline()
    edna.calls().presses("3").hears("welcome", "leave_message").hangs_up()
    helpline.wait(minutes=1)
    beside.at = helpline.clock.now()
    code = helpline.request_of(edna).code
    asked = beside.types(f"erase {edna.phone.number}", keys="n\n", exit_code=1)
    assert "…0101: requests 1, calls 1, texts 0, voicemails 0, notes 0." in asked
    assert f"STILL OWED: a call back for {code}, by 11:00." in asked
    assert f"STILL OPEN: {code}, which would be withdrawn." in asked
    done = beside.types(f"erase {edna.phone.number} --yes")
    assert "…0101 is erased on Fri 10:0" in done
    assert beside.types(f"erase {edna.phone.number} --undo") == "…0101 stays as they are.\n"
    assert beside.types(f"erase {edna.phone.number} --undo") == "…0101 was not to be erased.\n"
    helpline.wait(hours=73)
    helpline.clockwork.tick()
    assert helpline.rows(Caller)[0].erased_at is None


def test_nobody_is_known_by_a_number_that_never_rang(terminal: Terminal) -> None:
    assert terminal.types("erase 07700900199", exit_code=1) == "We know nobody with this number.\n"
