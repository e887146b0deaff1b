"""A telephone rings only to tell its owner something: a sign-in code, or a prompt of the line."""

import re
from collections.abc import Callable

import pytest

from helpline.config.prompts import SPOKEN
from helpline.models import SignInCode
from helpline.signing_in import codes
from helpline.signing_in.codes import Secrets
from helpline.telephones import telling
from tests.harness import Helpline
from tests.people import Volunteering

FIGURES = {
    name: str(figure)
    for figure, name in enumerate(
        ("oh", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
    )
}


@pytest.fixture
def edith(helpline: Helpline) -> Volunteering:
    """A coordinator with a telephone on the wall."""
    return helpline.volunteer("Edith", coordinator=True, landline=True)


def asks_for_a_code(helpline: Helpline) -> None:
    with helpline.database.unit_of_work() as session:
        codes.ask(session, helpline.house.rules, "Edith", helpline.clock.now())


def figures(spoken: str) -> str:
    return "".join(FIGURES.get(word, "") for word in re.findall(r"[a-z]+", spoken.lower()))


def test_a_code_is_spoken_to_a_landline_and_signs_in(
    helpline: Helpline, edith: Volunteering
) -> None:
    asks_for_a_code(helpline)
    call = edith.rings(10).picks_up().hears("sign_in_call").presses("1")
    [said] = call.listens()
    call.is_over()
    heard = figures(said.text)
    assert heard[:6] == heard[6:], "it is said twice, for whoever looks for a pencil"
    with helpline.database.unit_of_work() as session:
        secrets = Secrets(helpline.settings.secret_key)
        found = codes.check(session, secrets, "Edith", heard[:6], helpline.clock.now())
    assert found == edith.id


@pytest.mark.parametrize("what", ["stays_silent", "wrong_key"])
def test_a_voicemail_learns_no_code(helpline: Helpline, edith: Volunteering, what: str) -> None:
    asks_for_a_code(helpline)
    call = edith.rings(10).picks_up().hears("sign_in_call")
    (call.presses("5") if what == "wrong_key" else call.stays_silent()).hears("passed").is_over()


def test_a_code_is_said_again(helpline: Helpline, edith: Volunteering) -> None:
    asks_for_a_code(helpline)
    call = edith.rings(10).picks_up().hears("sign_in_call").presses("*").hears("sign_in_call")
    call.presses("1").hears("sign_in_code").is_over()


def test_a_code_rings_once_however_often_a_worker_is_told(
    helpline: Helpline, edith: Volunteering
) -> None:
    asks_for_a_code(helpline)
    edith.rings(10).picks_up().presses("1").hears("sign_in_call", "sign_in_code").is_over()
    [code] = helpline.rows(SignInCode)
    helpline._nudge(codes.SPEAK, code.id)
    helpline.wait(minutes=1)


def test_a_worker_that_comes_too_late_rings_nobody(helpline: Helpline, edith: Volunteering) -> None:
    helpline.clockwork.redis_is_there = False
    asks_for_a_code(helpline)
    helpline.wait(minutes=2)
    helpline.clockwork.redis_is_there = True
    [code] = helpline.rows(SignInCode)
    helpline._nudge(codes.SPEAK, code.id)
    helpline.wait(minutes=1)
    assert edith.phone.history == []


def wants_to_hear(helpline: Helpline, who: Volunteering) -> Callable[[str, str], None]:
    def ask(prompt: str, language: str) -> None:
        with helpline.database.unit_of_work() as session:
            telling.hear_prompt(session, who.id, prompt, language, helpline.clock.now())

    return ask


@pytest.mark.parametrize("language", ["en", "pl"])
def test_a_prompt_is_heard_as_a_caller_would(
    helpline: Helpline, edith: Volunteering, language: str
) -> None:
    ask = wants_to_hear(helpline, edith)
    for prompt in sorted(SPOKEN):
        ask(prompt, language)
        call = edith.rings(10).picks_up()
        [said] = call.listens()
        assert "{" not in said.text
        call.is_over()
        helpline.wait(minutes=1)


def test_two_taps_ring_once(helpline: Helpline, edith: Volunteering) -> None:
    ask = wants_to_hear(helpline, edith)
    ask("welcome", "pl")
    ask("welcome", "pl")
    edith.rings(10).picks_up().hears("welcome", language="pl").is_over()
    helpline.wait(minutes=1)


def test_there_is_no_such_prompt(helpline: Helpline, edith: Volunteering) -> None:
    with pytest.raises(KeyError):
        wants_to_hear(helpline, edith)("../../etc/passwd", "en")
