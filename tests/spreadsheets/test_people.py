"""Every name in a cell means one person, whatever people are called."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpline.spreadsheets.naming import Names, NoSuchPerson, names

PEOPLE = names(
    {
        **{1: "Ada", 2: "Bob", 3: "Smith, Ann", 4: "=SUM(A1)", 5: "Cy", 6: "cy", 7: "'t Hooft"},
        # Who is forgotten, and still stands on the shifts of then.
        8: "–",
    }
)


def read(cell: str, people: Names = PEOPLE) -> list[int]:
    return [each for each in people.read(cell) if isinstance(each, int)]


@pytest.mark.parametrize(
    ("cell", "volunteers"),
    [
        ("Ada; Bob", [1, 2]),
        ("Ada, Bob", [1, 2]),
        ("Ada\nBob\n", [1, 2]),
        (" ada ;BOB", [1, 2]),
        ("Bob, Smith, Ann, Ada", [2, 3, 1]),
        ("'=sum(a1); Ada", [4, 1]),
        ("Cy (5), cy (6)", [5, 6]),
        ("'t Hooft", [7]),
        ("Ada; – (8)", [1, 8]),
        ("", []),
        (";,", []),
    ],
)
def test_names_as_people_write_them(cell: str, volunteers: list[int]) -> None:
    assert read(cell) == volunteers
    assert not any(isinstance(each, NoSuchPerson) for each in PEOPLE.read(cell))


@pytest.mark.parametrize(
    ("cell", "said", "meant"),
    [
        ("Adda", "Adda", ("Ada",)),
        ("Ada; Zebedee", "Zebedee", ()),
        ("Cy", "Cy", ("Cy (5)", "cy (6)")),
        ("Smith", "Smith", ()),
        ("–", "–", ("– (8)",)),
    ],
)
def test_a_name_that_is_nobodys_is_told_with_who_may_be_meant(
    cell: str, said: str, meant: tuple[str, ...]
) -> None:
    [nobody] = [each for each in PEOPLE.read(cell) if isinstance(each, NoSuchPerson)]
    assert nobody.said == said
    assert set(nobody.meant) == set(meant) or (not meant and len(nobody.meant) == 1)


@given(st.lists(st.text(min_size=1, max_size=8), min_size=1, max_size=6), st.data())
def test_whoever_is_written_down_is_found_again(called: list[str], data: st.DataObject) -> None:
    people = names(dict(enumerate(called, start=1)))
    on = data.draw(st.sets(st.sampled_from(sorted(people.by_id)), min_size=1, max_size=1))
    assert read(people.cell(on), people) == sorted(on)
