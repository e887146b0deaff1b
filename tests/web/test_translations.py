"""Whoever reads Polish finds no English on the pages, and no sentence with a hole in it."""

import ast
import re
from collections.abc import Iterator

import jinja2
import pytest
from babel.messages import Message
from jinja2 import nodes

from helpline.web import translating
from tests.harness import HEBDEN
from tests.web.conftest import Pages

LANGUAGES = sorted(translating.languages())
PLACES = re.compile(r"%\(\w+\)[sd]|<[^>]+>")
ASK_FOR_WORDS = {"_", "gettext", "lazy_gettext", "ngettext"}


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


def test_nothing_is_said_where_the_gathering_does_not_look() -> None:
    """As inside an f-string of Python 3.11, or of what a filter in a template makes of it."""
    gathered = {forms(each.id)[0] for each in translating.said() if each.id}
    asked_for = [*asked_for_in_python(), *asked_for_in_templates()]
    assert [each for each in asked_for if each not in gathered] == []


def asked_for_in_python() -> Iterator[str]:
    for file in translating.HERE.glob("**/*.py"):
        for call in ast.walk(ast.parse(file.read_text())):
            match call:
                case ast.Call(func=ast.Name(id=name), args=[ast.Constant(value=str(said)), *_]):
                    if name in ASK_FOR_WORDS:
                        yield said
                case ast.Call(func=ast.Name(id=name), args=[first, *_]) if name in ASK_FOR_WORDS:
                    yield f"{file.name} asks for what is no sentence: {ast.unparse(first)}"


def asked_for_in_templates() -> Iterator[str]:
    templates = jinja2.Environment(autoescape=True)
    for file in (translating.ROOT / "templates").glob("**/*.html"):
        for call in templates.parse(file.read_text()).find_all(nodes.Call):
            match call:
                case nodes.Call(node=nodes.Name(name=name), args=[nodes.Const(value=said), *_]):
                    if name in ASK_FOR_WORDS:
                        yield said
                case nodes.Call(node=nodes.Name(name=name)) if name in ASK_FOR_WORDS:
                    yield f"{file.name} asks for what is no sentence, line {call.lineno}"


def test_what_forms_say_of_their_own_accord_is_in_polish_too(pages: Pages) -> None:
    pages.helpline.volunteer("Zofia", languages="pl en", coordinator=True)
    group = pages.helpline.group_named(HEBDEN)
    page = pages.as_("Zofia").opens(f"/groups/{group}/rota/where?on=soon&at=later")
    assert page.status == 422
    assert "Nieprawidłowa data" in page.text
    assert "Proszę wpisać godzinę, na przykład 17:30." in page.text
    assert "Not a valid" not in page.text
