"""Whoever reads Polish finds no English on the pages, and no sentence with a hole in it."""

import re

import pytest
from babel.messages import Message

from helpline.web import translating
from tests.harness import HEBDEN
from tests.web.conftest import Pages

LANGUAGES = sorted(translating.languages())
PLACES = re.compile(r"%\(\w+\)[sd]|<[^>]+>")


def forms(of: str | tuple[str, ...] | list[str] | None) -> list[str]:
    return [of] if isinstance(of, str) else list(of or ())


def sentences(language: str) -> dict[str, Message]:
    return {forms(each.id)[0]: each for each in translating.translated(language) if each.id}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_of_the_pages_is_translated(language: str) -> None:
    known = sentences(language)
    said = {forms(each.id)[0] for each in translating.said() if each.id}
    missing = [
        each
        for each in sorted(said)
        if each not in known or not translating.is_translated(known[each])
    ]
    assert not missing, f"run `python -m helpline.web.translating`, and translate {missing[:10]}"
    assert not known.keys() - said, "these are said no more"


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_filled_in_is_filled_in_there_too(language: str) -> None:
    for message in sentences(language).values():
        wanted = {frozenset(PLACES.findall(each)) for each in forms(message.id)}
        for string in forms(message.string):
            assert frozenset(PLACES.findall(string)) in wanted, message.id


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_pages_read_is_what_was_translated(language: str) -> None:
    file = translating.po_file(language)
    compiled = file.with_suffix(".mo").read_bytes()
    assert compiled == translating.compiled(translating.translated(language))


def test_a_count_is_said_as_polish_says_it(pages: Pages) -> None:
    helpline = pages.helpline
    helpline.volunteer("Ela", coordinator=True, languages="pl")
    ela = pages.as_("Ela")
    people = f"/groups/{helpline.group_named(HEBDEN)}/people"
    assert ">1 osoba<" in ela.opens(f"{people}?find=Ela").text
    assert ">3 osoby<" in ela.opens(people).text
    for name in ("Bob", "Dilys"):
        helpline.volunteer(name)
    assert ">5 osób<" in ela.opens(people).text
