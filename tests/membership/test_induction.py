"""A newcomer is rung when the last step of the induction is ticked, and not before."""

from dataclasses import replace

import pytest

from helpline.people import induction, members
from helpline.people.induction import NoSuchStep, TooLate
from helpline.people.members import Step
from helpline.people.membership import NotAMember
from tests.harness import TODMORDEN
from tests.membership.group import HebdenBridge

STEPS = ("spoken_with", "rules_read", "references")


@pytest.fixture
def nia(hebden: HebdenBridge) -> int:
    """Somebody whom Carol has added a moment ago."""
    return hebden.adds("Nia").volunteer_id


def test_the_last_step_makes_them_ready(hebden: HebdenBridge, nia: int) -> None:
    assert hebden.member(nia).awaits_induction
    assert hebden.ticks(nia, *STEPS) == [False, False, True]
    assert not hebden.member(nia).awaits_induction
    assert hebden.events() == [
        ("member_joined", nia, hebden.carol, None),
        *(("induction_ticked", nia, hebden.carol, step) for step in STEPS),
        ("inducted", nia, hebden.carol, None),
    ]


def test_a_step_is_ticked_once(hebden: HebdenBridge, nia: int) -> None:
    hebden.ticks(nia, "spoken_with", "spoken_with")
    assert [event for event, *_ in hebden.events()] == ["member_joined", "induction_ticked"]


def test_a_slip_of_the_finger_is_taken_back(hebden: HebdenBridge, nia: int) -> None:
    hebden.ticks(nia, *STEPS)
    hebden.does_by_the_rules(induction.untick, nia, "references")
    assert hebden.member(nia).awaits_induction
    assert hebden.events()[-1] == ("induction_unticked", nia, hebden.carol, "references")
    hebden.does_by_the_rules(induction.untick, nia, "references")
    assert hebden.ticks(nia, "references") == [True]


def test_a_day_later_it_was_no_slip(hebden: HebdenBridge, nia: int) -> None:
    hebden.ticks(nia, "spoken_with")
    hebden.waits(days=1, seconds=1)
    with pytest.raises(TooLate):
        hebden.does_by_the_rules(induction.untick, nia, "spoken_with")


def test_who_was_there_before_is_rung_whatever_is_ticked(hebden: HebdenBridge) -> None:
    ada = hebden.helpline.volunteer("Ada").id
    hebden.ticks(ada, *STEPS)
    hebden.does_by_the_rules(induction.untick, ada, "references")
    assert not hebden.member(ada).awaits_induction


def test_a_step_that_config_yaml_does_not_have(hebden: HebdenBridge, nia: int) -> None:
    with pytest.raises(NoSuchStep):
        hebden.ticks(nia, "dbs")


def test_nobody_of_another_group_is_inducted(hebden: HebdenBridge) -> None:
    hebden.helpline.valley()
    tim = hebden.helpline.volunteer("Tim", group=TODMORDEN).id
    with pytest.raises(NotAMember):
        hebden.ticks(tim, "spoken_with")


def test_who_ticked_what_and_when_can_be_read(hebden: HebdenBridge, nia: int) -> None:
    began = hebden.helpline.clock.now()
    hebden.ticks(nia, "rules_read")
    hebden.waits(days=2)
    hebden.ticks(nia, "spoken_with")
    with hebden.helpline.database.reading() as session:
        now = hebden.helpline.clock.now()
        found = members.one(session, hebden.rules, hebden.id, "Europe/London", nia, now)
    assert found.steps == (
        Step("spoken_with", now, "Carol", can_untick=True),
        Step("rules_read", began, "Carol", can_untick=False),
        Step("references"),
    )
    assert (found.member.steps_left, found.member.is_rung) == (1, False)


def test_when_config_yaml_asks_for_less_those_who_have_done_it_are_ready(
    hebden: HebdenBridge, nia: int
) -> None:
    olu = hebden.adds("Olu", "+447700900302").volunteer_id
    hebden.ticks(nia, "spoken_with")
    config = hebden.rules.config
    less = {"spoken_with": config.induction["spoken_with"]}
    hebden.rules = replace(hebden.rules, config=replace(config, induction=less))
    with hebden.helpline.database.unit_of_work() as session:
        induction.catch_up(session, hebden.rules, hebden.helpline.clock.now())
    assert not hebden.member(nia).awaits_induction
    assert hebden.member(olu).awaits_induction
    assert hebden.events()[-1] == ("inducted", nia, None, None)


def test_an_induction_without_steps_makes_everybody_ready(hebden: HebdenBridge, nia: int) -> None:
    config = replace(hebden.rules.config, induction={})
    hebden.rules = replace(hebden.rules, config=config)
    with hebden.helpline.database.unit_of_work() as session:
        induction.catch_up(session, hebden.rules, hebden.helpline.clock.now())
    assert not hebden.member(nia).awaits_induction
    olu = hebden.adds("Olu", "+447700900302")
    assert not olu.awaits_induction
    assert not hebden.member(olu.volunteer_id).awaits_induction
