"""Each rule of a sound flow, broken once; and the flows that callers really live through."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import permutations

import pytest

from app import create_app
from helpline.config.decided import Language, Wording
from helpline.config.prompts import Braces
from ivr import soundness
from ivr.flows import UnsoundFlow, complaints, flows, prove
from ivr.soundness import Names
from ivr.steps import Ask, Check, Connect, Do, Flow, Menu, Record, Ring, Say, Step
from tests import prepared
from tests.flows.rules import rules, with_menu
from tests.words.shipped import CONFIG


@dataclass(frozen=True)
class SomeFacts:
    is_open: bool = True
    areas: tuple[str, ...] = ()


def _braces(*names: str) -> Braces:
    return Braces(frozenset(names), frozenset())


PROMPTS = {
    "hello": _braces(),
    "menu": _braces("person"),
    "wrong_key": _braces(),
    "where": _braces(),
    "area": _braces("key", "group"),
    "hold": _braces(),
    "still": _braces(),
    "speak": _braces(),
    "promise": _braces("by"),
    "line_name": _braces("line"),
    "bye": _braces(),
}
NAMES = Names(
    facts=SomeFacts,
    wants={"log", "owe", "remember"},
    prompts=PROMPTS,
    wording={prompt: {"en": "words", "pl": "słowa"} for prompt in PROMPTS},
    languages=("en", "pl"),
    is_spoken=True,
    given=frozenset({"line"}),
    promising=frozenset({"owe"}),
    area_keys=frozenset("123456"),
)
SOUND: dict[str, Step] = {
    "hello": Say("hello", then="where"),
    "where": Ask("where", "area", "areas", "remember", then="menu", silence="menu"),
    "menu": Menu("menu", {"1": "person"}, silence="person", lost="person"),
    "person": Do("log", then="ring"),
    "ring": Ring("hold", "still", answered="bye", nobody="is_open"),
    "is_open": Check("is_open", yes="bye", no="owe"),
    "owe": Do("owe", then="speak"),
    "speak": Record("speak", recorded="promise", silence="bye"),
    "promise": Say("promise"),
    "bye": Say("bye"),
}


def _found(names: Names = NAMES, /, **changed: Step) -> list[str]:
    return soundness.complaints(Flow("call", **(SOUND | changed)), names)


def test_a_sound_flow_has_nothing_to_complain_of() -> None:
    assert _found() == []


BROKEN: dict[str, tuple[dict[str, Step], str]] = {
    "a target that is not there": (
        {"ring": Ring("hold", "still", answered="by", nobody="is_open")},
        "flow call, step ring, on answered: leads to by, and there is no such step",
    ),
    "a step that nothing leads to": (
        {"attic": Say("bye")},
        "flow call, step attic: nothing leads to it",
    ),
    "a circle that never waits": (
        {"bye": Say("bye", then="wave"), "wave": Do("log", then="bye")},
        "flow call: it never waits in bye -> wave -> bye",
    ),
    "a circle of silence": (
        {"speak": Record("speak", recorded="promise", silence="menu")},
        "flow call: who says nothing goes round in "
        "menu -> person -> ring -> is_open -> owe -> speak -> menu",
    ),
    "hanging up without a word": (
        {"is_open": Check("is_open", yes=None, no="owe")},
        "flow call, step is_open: hangs up without a word",
    ),
    "hanging up without a word, after something done": (
        {"is_open": Check("is_open", yes="log", no="owe"), "log": Do("log")},
        "flow call, step log: hangs up without a word",
    ),
    "a promise before it is made": (
        {"is_open": Check("is_open", yes="promise", no="owe")},
        "flow call, step promise: says by when, and nothing was promised yet",
    ),
    "a want that nothing does": (
        {"person": Do("fly", then="ring")},
        "flow call, step person: wants fly, and nothing does that",
    ),
    "a choice that nothing remembers": (
        {"where": Ask("where", "area", "areas", "forget", then="menu", silence="menu")},
        "flow call, step where: wants forget, and nothing does that",
    ),
    "a fact that is none": (
        {"is_open": Check("is_tuesday", yes="bye", no="owe")},
        "flow call, step is_open: asks for is_tuesday, and SomeFacts has no such fact",
    ),
    "options that are none": (
        {"where": Ask("where", "area", "streets", "remember", then="menu", silence="menu")},
        "flow call, step where: asks for streets, and SomeFacts has no such fact",
    ),
    "a prompt that is not there": (
        {"hello": Say("helo", then="where")},
        "flow call, step hello: says helo, and there is no such prompt",
    ),
    "a further prompt that is not there": (
        {"menu": Menu("menu", {"1": "person"}, "person", "person", also=("sing",))},
        "flow call, step menu: says sing, and there is no such prompt",
    ),
    "a key for a step by another name": (
        {
            "menu": Menu("menu", {"1": "somebody"}, silence="person", lost="person"),
            "somebody": Do("log", then="ring"),
        },
        "flow call, step menu: says menu, and nothing is known to fill {person} with",
    ),
    "a key that repeats": (
        {"menu": Menu("menu", {"*": "person"}, silence="person", lost="person")},
        "flow call, step menu: waits for key *, which no telephone has for it",
    ),
    "a key that is an area's": (
        {"where": Ask("where", "area", "areas", "remember", "menu", "menu", choices={"6": "menu"})},
        "flow call, step where: waits for key 6, which may be an area's",
    ),
}


@pytest.mark.parametrize(("changed", "complaint"), BROKEN.values(), ids=BROKEN)
def test_each_rule_is_held(changed: dict[str, Step], complaint: str) -> None:
    assert _found(**changed) == [complaint]


def test_every_prompt_is_written_in_every_language() -> None:
    wording = {**NAMES.wording, "still": {"en": "words", "pl": ""}}
    assert _found(replace(NAMES, wording=wording)) == [
        "flow call, step ring: says still, which is not written in pl"
    ]


def test_a_wrong_key_has_words_too() -> None:
    wording = {**NAMES.wording, "wrong_key": {"en": "words"}}
    assert _found(replace(NAMES, wording=wording)) == [
        "flow call, step where: says wrong_key, which is not written in pl",
        "flow call, step menu: says wrong_key, which is not written in pl",
        "flow call, step speak: says wrong_key, which is not written in pl",
    ]


def test_two_people_put_through_are_led_on_when_they_have_talked() -> None:
    found = _found(bye=Connect(then="gone", unanswered="gone"))
    assert found == [
        "flow call, step bye, on talked: leads to gone, and there is no such step",
        "flow call, step bye, on unanswered: leads to gone, and there is no such step",
    ]


def test_no_answer_is_an_answer_to_a_text() -> None:
    silent = {"is_open": Check("is_open", yes=None, no="owe")}
    assert _found(replace(NAMES, is_spoken=False), **silent) == []


def test_the_shipped_conversations_are_sound() -> None:
    assert complaints(rules()) == []
    prove(rules())


@pytest.mark.parametrize("keys", list(permutations("456", 3)))
def test_whatever_keys_a_coordinator_gives_the_menu(keys: tuple[str, str, str]) -> None:
    assert complaints(with_menu(*keys)) == []


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_however_many_languages_there_are(count: int) -> None:
    english = CONFIG.languages[0]
    languages = tuple(replace(english, key=key) for key in ("en", "pl", "ur", "pa")[:count])
    config = replace(
        CONFIG,
        languages=languages,
        small_words={each.key: CONFIG.small_words["en"] for each in languages},
        call_words={each.key: ("CALL",) for each in languages},
        spoken=_in_each(CONFIG.spoken, languages),
        texted=_in_each(CONFIG.texted, languages),
    )
    assert complaints(rules(config)) == []
    menu = flows(rules(config))[0]["main_menu"]
    assert isinstance(menu, Menu)
    assert len(menu.choices) == 4 + count - 1


def _in_each(wording: Wording, languages: Iterable[Language]) -> Wording:
    return {name: {each.key: words["en"] for each in languages} for name, words in wording.items()}


def test_an_unsound_flow_stops_the_helpline_from_starting() -> None:
    spoken = {**CONFIG.spoken, "not_999": {"en": "words"}}
    with pytest.raises(UnsoundFlow, match="step not_999: says not_999, which is not written in pl"):
        create_app(replace(prepared.told(()).settings, config=replace(CONFIG, spoken=spoken)))
