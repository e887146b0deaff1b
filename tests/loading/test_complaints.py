"""Each mistake in a file, its place and its remedy; and nothing of the file is loaded."""

import pytest

from tests.loading.valley import FILE, Valley

ADA = '{name: Ada, number: "+447700900101", coordinator: true}'
CAROL = '{name: Carol, number: "+447700900103", coordinator: true}'
MORNINGS = '{days: Mon-Fri, from: "08:00", to: "13:00", volunteers: [Ada, Bob]}'
LINE = (
    '{number: "+441632960000", name: Calder Valley Neighbours, groups: [Hebden Bridge, Todmorden]}'
)

MISTAKES: dict[str, tuple[str, str, str]] = {
    "a group that is not there": (
        "[Hebden Bridge, Todmorden]",
        "[Hebden Brige, Todmorden]",
        "line 2, lines, row 1, groups: 'row 1' says Hebden Brige; that is no group; "
        "did you mean 'Hebden Bridge'?",
    ),
    "a line without groups": (
        ", groups: [Hebden Bridge, Todmorden]",
        "",
        "line 2, lines, row 1: has no groups; write at least one",
    ),
    "a group twice on a line": (
        "[Hebden Bridge, Todmorden]",
        "[Hebden Bridge, Hebden Bridge]",
        "line 2, lines, row 1, groups: names a group twice; remove one of them",
    ),
    "a line whose number is none": (
        '"+441632960000"',
        '"01632 96000"',
        "line 2, lines, row 1: 'number' is not a phone number that is in use anywhere; "
        "look for a slip of the pen",
    ),
    "two lines with one number": (
        f"  - {LINE}",
        f"  - {LINE}\n  - {LINE}",
        "line 3, lines, row 2, number: is another line's number too; remove one of them",
    ),
    "a volunteer with a line's number": (
        "+447700900103",
        "01632 960000",
        "line 19, groups, row 2, volunteers, row 1, number: is a line's number; "
        "write the volunteer's own",
    ),
    "one number with two names": (
        CAROL,
        '{name: Carol, number: "07700 900102", coordinator: true}',
        "line 19, groups, row 2, volunteers, row 1, number: is Bob's number too; "
        "correct the number, or write the same name twice",
    ),
    "one person with two lots of languages": (
        CAROL,
        f'{CAROL}\n      - {{name: Bob, number: "07700 900102", languages: [pl]}}',
        "line 20, groups, row 2, volunteers, row 2, languages: differ from Bob's languages in "
        "another group; write the same twice",
    ),
    "a name twice in a group": (
        f"      - {ADA}",
        f'      - {ADA}\n      - {{name: ADA, number: "+447700900109"}}',
        "line 10, groups, row 1, volunteers, row 2: ADA is here twice; remove one, "
        "or give it another name",
    ),
    "a group twice": (
        "  - name: Todmorden\n",
        "  - {name: todmorden, timezone: Europe/London}\n  - name: Todmorden\n",
        "line 16, groups, row 3: Todmorden is here twice; remove one, or give it another name",
    ),
    "a name that is not among the volunteers": (
        "[Ada, Bob]",
        "[Ada, Bobb]",
        "line 12, groups, row 1, rota, row 1, volunteers: 'row 2' says Bobb; that is no volunteer "
        "of this group; did you mean 'Bob'?",
    ),
    "a volunteer of another group": (
        "[Ada, Bob]",
        "[Ada, Carol]",
        "line 12, groups, row 1, rota, row 1, volunteers: 'row 2' says Carol; that is no volunteer "
        "of this group; add it, or correct the name",
    ),
    "a shift of nobody's": (
        "[Ada, Bob]",
        "[]",
        "line 12, groups, row 1, rota, row 1, volunteers: has no volunteers; write who is on",
    ),
    "a row twice": (
        f"      - {MORNINGS}",
        f"      - {MORNINGS}\n      - {MORNINGS}",
        "line 13, groups, row 1, rota, row 2: is here twice; remove one of them",
    ),
    "a day that is none": (
        "days: Mon-Fri",
        "days: Mun-Fri",
        "line 12, groups, row 1, rota, row 1: 'days' says Mun-Fri; in 'Mun-Fri', 'mun' is not a "
        "day: write Mon or Monday, as in 'Mon-Fri', 'Sat, Sun', 'first Mon', 'last Fri' or "
        "'every 2 weeks Tue'",
    ),
    "a time that is none": (
        'to: "13:00"',
        'to: "13.60"',
        "line 12, groups, row 1, rota, row 1: 'to' says 13.60; write a time such as 18:00",
    ),
    "an end before the beginning": (
        "volunteers: [Ada, Bob]}",
        "volunteers: [Ada, Bob], starting: 2026-03-09, ending: 2026-03-08}",
        "line 12, groups, row 1, rota, row 1, ending: is before 'starting'; correct one of them",
    ),
    "a date that is none": (
        "volunteers: [Ada, Bob]}",
        "volunteers: [Ada, Bob], starting: 2026-02-30}",
        "line 12, groups, row 1, rota, row 1: 'starting' says 2026-02-30; write a date such as "
        "2026-12-25",
    ),
    "a time zone that is none": (
        "    timezone: Europe/London\n    postcodes: [HX7]",
        "    timezone: Europe/Hebden\n    postcodes: [HX7]",
        "line 5, groups, row 1: 'timezone' says Europe/Hebden; write a time zone such as "
        "Europe/London",
    ),
    "a time zone that is a path": (
        "    timezone: Europe/London\n    postcodes: [HX7]",
        "    timezone: ../../etc/passwd\n    postcodes: [HX7]",
        "line 5, groups, row 1: 'timezone' says ../../etc/passwd; write a time zone such as "
        "Europe/London",
    ),
    "a postcode that is none": (
        "[HX7]",
        "[HX7 8AB]",
        "line 6, groups, row 1, postcodes: 'row 1' says HX7 8AB; write the first half of a "
        "postcode, such as HX7",
    ),
    "a ring order that is none": (
        "one_by_one",
        "one by one",
        "line 7, groups, row 1: 'ring_order' says one by one; write one_by_one or all_at_once",
    ),
    "a language that is none": (
        "[en, pl]",
        "[English]",
        "line 10, groups, row 1, volunteers, row 2, languages: 'row 1' says English; write the "
        "short name of a language, such as en or pl",
    ),
    "neither yes nor no": (
        "coordinator: true}\n      - {name: Bob",
        "coordinator: maybe}\n      - {name: Bob",
        "line 9, groups, row 1, volunteers, row 1: 'coordinator' says maybe; write true or false",
    ),
    "a field that is not known": (
        "postcodes: [HX7]",
        "postcode: [HX7]",
        "line 6, groups, row 1: 'postcode' is not known; did you mean 'postcodes'?",
    ),
    "a field that is missing": (
        "    timezone: Europe/London\n    postcodes: [HX7]",
        "    postcodes: [HX7]",
        "line 4, groups, row 1: 'timezone' is missing; add it",
    ),
    "a name that no display can show": (
        "name: Calder Valley Neighbours",
        f"name: {'Calder ' * 12}",
        f"line 2, lines, row 1: 'name' says {('Calder ' * 12)[:39].rstrip()}…; it is too long; "
        "write at most 80 letters",
    ),
}


@pytest.mark.parametrize(("old", "new", "complaint"), MISTAKES.values(), ids=MISTAKES)
def test_each_mistake_has_its_place_and_its_remedy(
    valley: Valley, old: str, new: str, complaint: str
) -> None:
    assert FILE.count(old) == 1
    assert valley.complaints(FILE.replace(old, new)) == [f"valley.yaml, {complaint}"]


def test_every_mistake_is_said_at_once_in_the_order_of_the_file(valley: Valley) -> None:
    valley.load()
    broken = FILE
    apart = (
        "a group that is not there",
        "a postcode that is none",
        "a time that is none",
        "a day that is none",
    )
    for mistake in apart:
        old, new, _ = MISTAKES[mistake]
        broken = broken.replace(old, new)
    places = [complaint.split(", ")[1] for complaint in valley.complaints(broken)]
    assert places == ["line 2", "line 6", "line 12", "line 12"]


def test_a_number_is_never_repeated_in_a_complaint(valley: Valley) -> None:
    wrong = FILE.replace("+447700900101", "+4477009001019").replace("+441632960000", "0163296O001")
    complaints = valley.complaints(wrong)
    assert len(complaints) == 2
    assert not any("1019" in each or "3296" in each for each in complaints)


def test_a_caller_has_a_key_for_each_area(valley: Valley) -> None:
    def line_of(count: int) -> str:
        names = [f"Area {number}" for number in range(count)]
        groups = "".join(f"  - {{name: {name}, timezone: Europe/London}}\n" for name in names)
        line = f'  - {{number: "+441632960000", name: Valley, groups: [{", ".join(names)}]}}\n'
        return f"lines:\n{line}groups:\n{groups}"

    assert valley.complaints(line_of(7)) == [
        "valley.yaml, line 2, lines, row 1, groups: has 7 groups, and a caller can choose among "
        "6 at most; give some of them a line of their own"
    ]
    valley.load(line_of(6))


def test_numbers_are_held_against_what_was_loaded_before(valley: Valley) -> None:
    valley.load()
    adas = 'lines: [{number: "07700 900101", name: Ada, groups: [Todmorden]}]'
    assert valley.complaints(adas) == [
        "valley.yaml, line 1, lines, row 1, number: is a volunteer's own number; write the line's"
    ]
    groups_alone = FILE[FILE.index("groups:\n") :]
    [complaint] = valley.complaints(groups_alone.replace("+447700900103", "01632 960000"))
    assert complaint.endswith("number: is a line's number; write the volunteer's own")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "valley.yaml: is empty"),
        (
            "volunteers: []",
            "valley.yaml, line 1: 'volunteers' is not known; known here: lines, groups",
        ),
        (
            "lines: Hebden",
            "valley.yaml, line 1, lines: write a list here, one row a line, each after a dash",
        ),
    ],
)
def test_a_file_that_is_something_else(valley: Valley, text: str, complaint: str) -> None:
    assert valley.complaints(text)[0] == complaint
