"""A spreadsheet is brought back, however long: who goes back is not asked to send it again."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from helpline.models import RotaEdit
from tests.browser.conftest import Opens
from tests.browser.person import Eyes, Person
from tests.browser.site import Site
from tests.harness import HEBDEN

# More than an address can carry.
_MANY = 800


def _sheet(rows: int) -> bytes:
    """A CSV of so many new shifts, by lot, so that no two days are alike."""
    lot, first = Random(1), date(2026, 3, 9)
    lines = ["date,from,to,name"]
    for row in range(rows):
        on, minutes = first + timedelta(days=row // 10), lot.randrange(30)
        hour = 2 * (row % 10)
        lines.append(f"{on},{hour:02}:{minutes:02},{hour + 1:02}:{lot.randrange(60):02},Ada")
    return "\n".join(lines).encode()


def _brings(carol: Person, rows: bytes) -> None:
    group = carol.site.helpline.group_named(HEBDEN)
    carol.opens(f"/groups/{group}/rota/spreadsheets")
    file = {"name": "rota.csv", "mimeType": "text/csv", "buffer": rows}
    carol.page.get_by_label("A spreadsheet (.xlsx or .csv)").set_input_files(file)
    carol.presses("Look at it")


def test_after_a_long_file_back_leads_to_a_page(opens: Opens, site: Site, eyes: Eyes) -> None:
    carol = opens(eyes, "Carol")
    _brings(carol, _sheet(_MANY))
    carol.sees("Nothing is changed yet.")
    carol.presses("Save all the same").sees("Saved:")
    carol.page.go_back()
    carol.sees("Bring it back")
    carol.page.go_forward()
    carol.is_at(f"/groups/{site.helpline.group_named(HEBDEN)}/rota")
    assert len(site.helpline.rows(RotaEdit)) == 1


def test_after_a_file_with_mistakes_back_leads_to_a_page(
    opens: Opens, site: Site, eyes: Eyes
) -> None:
    carol = opens(eyes, "Carol")
    _brings(carol, b"date,from,to,name\nsoon,08:00,13:00,Ada")
    carol.sees("Nothing was changed.")
    carol.follows("Rota").is_at(f"/groups/{site.helpline.group_named(HEBDEN)}/rota")
    carol.page.go_back()
    carol.sees("Bring it back")
