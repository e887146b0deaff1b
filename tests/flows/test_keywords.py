"""What a text of a word or two is taken for, and what it is not."""

import pytest

from helpline.areas import Area
from helpline.outcomes import Outcome
from ivr import area_names, keywords
from tests.words.shipped import CONFIG

HEBDEN = Area(1, "Hebden Bridge", "HX7", "Europe/London", 0)
TODMORDEN = Area(2, "Todmorden", "OL14 OL15", "Europe/London", 0)
AREAS = (HEBDEN, TODMORDEN)


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
        ("4821 all done", "4821", Outcome.DONE),
        ("yes all sorted 4821 thanks", "4821", None),
        ("A, 4821 thanks!!", "4821", Outcome.DONE),
        ("#4821 A", "4821", Outcome.DONE),
        ("Code 4821: a", "4821", Outcome.DONE),
        ("4821 A she was so pleased", "4821", Outcome.DONE),
        ("4821 D she seemed confused", "4821", Outcome.WORRIED),
        ("4821 załatwione, dziękuję", "4821", Outcome.DONE),
        ("A done", None, Outcome.DONE),
        ("A - all sorted", None, Outcome.DONE),
        ("All done, thanks!", None, Outcome.DONE),
        ("D I'm worried about her", None, Outcome.WORRIED),
        ("4821/A", "4821", Outcome.DONE),
        ("4821 'a'", "4821", Outcome.DONE),
        ("4821 done ta x", "4821", Outcome.DONE),
        # The words of our own question.
        ("B still needs help", None, Outcome.NEEDS_HELP),
        ("4821 not done", "4821", Outcome.NEEDS_HELP),
        ("4821 C someone else please", "4821", Outcome.SOMEONE_ELSE),
        ("someone else please", None, Outcome.SOMEONE_ELSE),
        ("4821: worried", "4821", Outcome.WORRIED),
        ("4821 nadal trzeba pomóc", "4821", Outcome.NEEDS_HELP),
        ("4821 A będę jutro", "4821", Outcome.DONE),
        # Corrected.
        ("Sorry, I meant B", None, Outcome.NEEDS_HELP),
        ("oops! D", None, Outcome.WORRIED),
        ("no, not done yet", None, Outcome.NEEDS_HELP),
        ("I meant a pint of milk", None, None),
        ("It's a shame", None, None),
        ("in a minute", None, None),
        ("no", None, None),
        # Nothing is closed by an A that the words behind it take back.
        ("4821 A not done yet", "4821", None),
        ("A still needs help", None, None),
        # A word, and no letter.
        ("4821 a bit worried about her", "4821", None),
        ("4821 A BIT WORRIED", "4821", None),
        ("4821. A lady answered, it was the wrong house", "4821", None),
        ("4821 nearly done", "4821", None),
        ("4821 done, but a bit worried", "4821", None),
        ("A lovely lady", None, None),
        ("B there soon", None, None),
        ("d'you have my coat", None, None),
        ("a.m. is best", None, None),
        # Two letters, as in what we wrote ourselves, which some telephones send back.
        ("4821 A or B?", "4821", None),
        ("Liked “4821: reply 4821 A done, B still needs help, D I'm worried”", "4821", None),
        ("48210 A", None, None),
        ("Apples", None, None),
        ("E", None, None),
    ],
)
def test_a_letter_and_a_code(body: str, code: str | None, outcome: Outcome | None) -> None:
    [answer] = keywords.understand(body, CONFIG.keywords).answers
    assert (answer.code, answer.outcome) == (code, outcome)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("4821 A 9326 B", [("4821", Outcome.DONE), ("9326", Outcome.NEEDS_HELP)]),
        ("4821A, 9326D she is ill", [("4821", Outcome.DONE), ("9326", Outcome.WORRIED)]),
        ("4821 done\n9326 done", [("4821", Outcome.DONE), ("9326", Outcome.DONE)]),
        ("4821 and 9326 A", [("4821", Outcome.DONE), ("9326", Outcome.DONE)]),
        ("4821, 9326: both done", [("4821", Outcome.DONE), ("9326", Outcome.DONE)]),
        ("A 4821 9326", [("4821", Outcome.DONE), ("9326", Outcome.DONE)]),
        ("B 4821 and D 9326", [("4821", Outcome.NEEDS_HELP), ("9326", Outcome.WORRIED)]),
        ("4821 A 9326", [("4821", Outcome.DONE), ("9326", None)]),
        ("4821 no 9326 A", [("4821", None), ("9326", Outcome.DONE)]),
    ],
)
def test_several_codes(body: str, said: list[tuple[str, Outcome | None]]) -> None:
    answers = keywords.understand(body, CONFIG.keywords).answers
    assert [(each.code, each.outcome) for each in answers] == said


@pytest.mark.parametrize(
    ("body", "helped"),
    [
        ("1", True),
        ("1 thank you", True),
        ("1 it did", True),
        ("4821 1", True),
        ("Yes, thank you so much!", True),
        ("tak", True),
        ("2!", False),
        ("2 nobody came", False),
        ("Sorry, I meant 2", False),
        ("I meant no", False),
        ("actually it did", True),
        # As a neighbour says it who was asked whether the help arrived.
        ("all sorted, thank you", True),
        ("Yes it came, thanks so much", True),
        ("not yet", False),
        ("No, they didn't", False),
        ("jeszcze nie", False),
        ("No thank you", False),
        ("12", None),
        ("3", None),
        ("I", None),
        ("1 but he forgot the milk", None),
        ("1 loaf of bread please", None),
        ("yes and could you bring milk", None),
    ],
)
def test_1_for_helped_and_2_for_not(body: str, helped: bool | None) -> None:
    assert keywords.understand(body, CONFIG.keywords).helped is helped


@pytest.mark.parametrize(
    ("body", "means"),
    [
        ("Stop", "stop"),
        ("Stop.", "stop"),
        ("STOP!!", "stop"),
        ("stop it please", None),
        ("STOP please", None),
        ("ARRET", None),
        ("START", "start"),
        ("start now", None),
        ("call!", "call"),
        ("Call me please", "call"),
        ("please ring me", "call"),
        ("zadzwoń", "call"),
        ("call me back pls", "call"),
        ("CALL 4821", "call"),
        ("4821, please call", "call"),
        ("4821 zadzwoń", "call"),
        ("call Ada", None),
        ("call 4821 5066", None),
        ("Thanks!", "is_polite"),
        ("ok, thank you", "is_polite"),
        ("👍", "is_polite"),
        ("thank you for the lift, could I", None),
        (" \n", "is_empty"),
        ("?", None),
    ],
)
def test_a_word_counts_as_the_whole_text_alone(body: str, means: str | None) -> None:
    said = keywords.understand(body, CONFIG.keywords)
    for name in ("stop", "start", "call", "is_empty", "is_polite"):
        assert getattr(said, name) is (name == means), name


@pytest.mark.parametrize(
    ("body", "area"),
    [
        ("bread please, hx7 8ab", HEBDEN),
        ("HX78AB", HEBDEN),
        ("hx 7", HEBDEN),
        ("HX78 AB", HEBDEN),
        ("hx7-8ab", HEBDEN),
        ("ol15", TODMORDEN),
        ("0L14 5AA", TODMORDEN),
        ("I live in hebden  bridge.", HEBDEN),
        ("HX70", None),
        ("my hebden bridgework hurts", None),
        ("from HX7 to Todmorden", None),
        ("bread please", None),
        ("Hebdon Bridge", None),
    ],
)
def test_an_area_is_known_by_its_name_or_a_postcode(body: str, area: Area | None) -> None:
    assert area_names.names_area(body, AREAS) is area


@pytest.mark.parametrize(
    ("body", "area"),
    [
        ("Hebdon Bridge", HEBDEN),
        ("hebden", HEBDEN),
        ("im in todmordon", TODMORDEN),
        ("Todmoden!!", TODMORDEN),
        ("tod", TODMORDEN),
        ("to", None),
        ("Sowerby Bridge", None),
        ("what do you mean", None),
        ("hebden or todmorden", None),
        ("", None),
    ],
)
def test_an_answer_may_be_misspelt(body: str, area: Area | None) -> None:
    assert area_names.seems_to_name(body, AREAS) is area


@pytest.mark.parametrize(
    ("body", "area"),
    [
        ("Sorry, I meant Todmorden!", TODMORDEN),
        ("no, ol14-5aa", TODMORDEN),
        ("Przepraszam, chodziło mi o Todmorden", TODMORDEN),
        ("Hebden Bridge please", HEBDEN),
        # Less than a name may be something that somebody needs.
        ("tod", None),
        ("lift to Todmorden please", None),
        ("Todmorden not Hebden Bridge", None),
        ("I meant", None),
    ],
)
def test_an_area_is_corrected_by_nothing_but_itself(body: str, area: Area | None) -> None:
    around = CONFIG.keywords.polite | CONFIG.keywords.meant
    assert area_names.corrected_area(body, AREAS, around) is area


def test_a_group_whose_name_is_all_marks_is_not_named_by_every_text() -> None:
    nameless = (Area(3, "«»", "", "Europe/London", 0),)
    assert area_names.names_area("bread please", nameless) is None
    assert area_names.seems_to_name("bread please", nameless) is None
    assert area_names.corrected_area("sorry!", nameless, {"SORRY"}) is None
