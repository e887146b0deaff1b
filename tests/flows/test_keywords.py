"""What a text of a word or two is taken for, and what it is not."""

import pytest

from helpline.areas import Area
from helpline.outcomes import Outcome
from ivr import keywords

CALL_WORDS = {"CALL", "ZADZWOŃ"}
HEBDEN = Area(1, "Hebden Bridge", "HX7", "Europe/London", 0)
TODMORDEN = Area(2, "Todmorden", "OL14 OL15", "Europe/London", 0)


@pytest.mark.parametrize(
    ("body", "code", "outcome"),
    [
        ("4821 A", "4821", Outcome.DONE),
        ("4821a", "4821", Outcome.DONE),
        (" 4821 - b thanks", "4821", Outcome.NEEDS_HELP),
        ("C: 4821", "4821", Outcome.SOMEONE_ELSE),
        ("d4821", "4821", Outcome.WORRIED),
        ("“D!”", None, Outcome.WORRIED),
        ("a.", None, Outcome.DONE),
        ("4821", "4821", None),
        ("4821 all done", "4821", None),
        ("48210 A", None, None),
        ("Apples", None, None),
        ("A lovely lady", None, None),
        ("E", None, None),
    ],
)
def test_a_letter_and_a_code(body: str, code: str | None, outcome: Outcome | None) -> None:
    said = keywords.understand(body, CALL_WORDS)
    assert (said.code, said.outcome) == (code, outcome)


@pytest.mark.parametrize(
    ("body", "helped"),
    [("1", True), ("1 thank you", True), ("2!", False), ("12", None), ("3", None), ("I", None)],
)
def test_1_for_helped_and_2_for_not(body: str, helped: bool | None) -> None:
    assert keywords.understand(body, CALL_WORDS).helped is helped


@pytest.mark.parametrize(
    ("body", "means"),
    [
        ("Stop", "stop"),
        ("stop it please", None),
        ("START", "start"),
        ("start now", None),
        ("call!", "call"),
        ("zadzwoń", "call"),
        ("call Ada", None),
        (" \n", "is_empty"),
        ("?", None),
    ],
)
def test_a_word_counts_as_the_whole_text_alone(body: str, means: str | None) -> None:
    said = keywords.understand(body, CALL_WORDS)
    for name in ("stop", "start", "call", "is_empty"):
        assert getattr(said, name) is (name == means), name


@pytest.mark.parametrize(
    ("body", "area"),
    [
        ("bread please, hx7 8ab", HEBDEN),
        ("HX78AB", HEBDEN),
        ("ol15", TODMORDEN),
        ("I live in hebden  bridge.", HEBDEN),
        ("HX70", None),
        ("my hebden bridgework hurts", None),
        ("from HX7 to Todmorden", None),
        ("bread please", None),
    ],
)
def test_an_area_is_known_by_its_name_or_a_postcode(body: str, area: Area | None) -> None:
    assert keywords.names_area(body, (HEBDEN, TODMORDEN)) is area


def test_a_group_whose_name_is_all_marks_is_not_named_by_every_text() -> None:
    assert keywords.names_area("bread please", (Area(3, "«»", "", "Europe/London", 0),)) is None
