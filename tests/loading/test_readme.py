"""The file that the README shows can be loaded as it stands."""

import re
from pathlib import Path

from tests.loading.valley import TUESDAY, Valley

README = Path(__file__).parents[2] / "README.md"


def test_the_file_in_the_readme(valley: Valley) -> None:
    [file] = re.findall(r"```yaml\n(lines:\n.*?)```", README.read_text("utf-8"), re.DOTALL)
    assert valley.load(file).warnings == ()
    assert valley.on_shift(TUESDAY) == {"Ada", "Bob"}
    assert valley.load(file).changes == ()
