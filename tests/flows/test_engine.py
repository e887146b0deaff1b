"""What a prompt says of the keys is what the keys do, and no wrong key is asked for for ever."""

import pytest

from helpline.areas import Area
from ivr import engine
from ivr.engine import SILENCE, Heard, Sound, Want
from ivr.facts import Facts
from ivr.flows import flows
from ivr.steps import Ask, Menu, Record
from tests.flows.rules import rules

FLOWS = tuple(flows(rules()))
CALL = FLOWS[0]
AREAS = (
    Area(7, "Hebden Bridge", "HX7", "Europe/London", 0),
    Area(4, "Todmorden", "OL14", "Europe/London", 0),
)
FACTS = Facts(knows_area=False, areas=AREAS)
RECORDS = [name for name, step in CALL if isinstance(step, Record)]


def key(pressed: str) -> Heard:
    return Heard(Sound.KEYS, pressed)


def test_the_area_that_is_read_out_beside_a_key_is_the_one_it_chooses() -> None:
    asked = engine.answer(CALL, "choose_area", key("*"), FACTS)
    read_out = {
        dict(prompt.values)["group"]: dict(prompt.values)["key"]
        for prompt in asked.says
        if prompt.name == "area_choice"
    }
    assert read_out.keys() == {area.name for area in AREAS}
    for area in AREAS:
        chosen = engine.answer(CALL, "choose_area", key(read_out[area.name]), FACTS)
        assert chosen.wants[0] == Want("remember_area", area.group_id)


def test_the_key_that_a_prompt_names_leads_where_it_says() -> None:
    for flow in FLOWS:
        for name, step in flow:
            if isinstance(step, Menu):
                asked = engine.answer(flow, name, key("*"), FACTS)
                named = dict(asked.says[0].values)
                assert named.keys() == {*step.choices.values()}
                for target, pressed in named.items():
                    assert step.choices[pressed] == target, (flow.name, name)


@pytest.mark.parametrize(
    "name", [name for name, step in CALL if isinstance(step, Menu | Ask) and step.tries]
)
def test_who_keeps_pressing_wrong_keys_reaches_a_person(name: str) -> None:
    turn = engine.answer(CALL, name, key("7"), FACTS)
    for _ in range(10):
        if turn.step != name:
            break
        assert turn.says[0].name == "wrong_key"
        turn = engine.answer(CALL, name, key("7"), FACTS, turn.tries)
    assert turn.step == "ring"
    assert Want("log_ask") in turn.wants


@pytest.mark.parametrize("name", RECORDS)
def test_silence_is_no_message(name: str) -> None:
    spoken = engine.answer(CALL, name, Heard(Sound.RECORDING), FACTS)
    silent = engine.answer(CALL, name, SILENCE, FACTS)
    kept = {Want("keep_message"), Want("keep_offer")}
    assert kept & {*spoken.wants}
    assert not kept & {*silent.wants}
