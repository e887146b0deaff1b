"""A block is for the lines of the group that made it, and ends when it was said to."""

from datetime import timedelta

import pytest

from helpline import blocks
from helpline.blocks import NoSuchRequest
from helpline.models import AuditLine, Block, Outcome, Request
from tests.harness import HEBDEN, TODMORDEN, VALLEY_LINE, Helpline
from tests.people import Neighbour


def turns_away(helpline: Helpline, who: Neighbour, group: str | None, **time: float) -> None:
    """A coordinator of this group (None: whoever runs the helpline) turns a neighbour away."""
    now = helpline.clock.now()
    with helpline.database.unit_of_work() as session:
        blocks.turn_away(
            session,
            who.phone.number,
            "shouting",
            now + timedelta(**(time or {"days": 1})),
            now,
            group_id=helpline.group_named(group) if group else None,
            by_id=helpline.coordinator("Carol").id if group else None,
        )


def turned_away(helpline: Helpline, group: str) -> list[blocks.Blocked]:
    """Whom the coordinators of a group see."""
    with helpline.database.reading() as session:
        return blocks.of_group(session, helpline.group_named(group), helpline.clock.now())


def is_put_through(who: Neighbour, line: str | None = None) -> bool:
    """Whether their call is taken, rather than turned away at once."""
    call = who.calls(line)
    first = call.listens()[0].text
    call.hangs_up()
    return "cannot take your call" not in first


def test_a_group_turns_away_from_the_lines_that_it_answers(helpline: Helpline) -> None:
    helpline._line("+441632960002", "Todmorden Neighbours", TODMORDEN)
    sam = helpline.mobile()
    turns_away(helpline, sam, TODMORDEN)
    assert not is_put_through(sam, "+441632960002")
    assert is_put_through(sam)


def test_on_a_shared_line_either_groups_block_holds(helpline: Helpline) -> None:
    helpline.valley()
    sam = helpline.mobile()
    turns_away(helpline, sam, TODMORDEN)
    assert not is_put_through(sam, VALLEY_LINE)


def test_whoever_runs_the_helpline_turns_away_from_every_line(helpline: Helpline) -> None:
    helpline.valley()
    sam = helpline.mobile()
    turns_away(helpline, sam, None)
    assert not is_put_through(sam)
    assert not is_put_through(sam, VALLEY_LINE)


def test_a_groups_block_leaves_texts_elsewhere_alone(helpline: Helpline) -> None:
    helpline._line("+441632960002", "Todmorden Neighbours", TODMORDEN)
    sam = helpline.mobile()
    turns_away(helpline, sam, TODMORDEN)
    sam.texts("You are no good", "+441632960002")
    sam.texts("Could someone walk my dog?").is_texted("receipt")
    assert len(helpline.rows(Request)) == 1


@pytest.mark.parametrize("with_code", [True, False])
def test_a_volunteer_who_is_turned_away_answers_what_they_are_asked(
    helpline: Helpline, with_code: bool
) -> None:
    ada = helpline.on_shift("Ada")
    sam = helpline.landline()
    caller = sam.calls().presses("1")
    ada.rings().picks_up().presses("1").talks_to(caller)
    caller.waits(60).hangs_up()
    ada.is_texted("follow_up_volunteer")
    turns_away(helpline, ada, None, days=3)
    code = helpline.request_of(sam).code
    ada.replies(f"{code} A" if with_code else "A").is_texted("outcome_done")
    assert helpline.request_of(sam).outcome is Outcome.DONE
    # As a neighbour they are turned away as before.
    ada.texts("Could someone walk my dog?")
    helpline.wait(minutes=1)
    assert helpline.requests_of(ada) == []
    assert not is_put_through(ada)


def test_a_volunteer_who_is_turned_away_and_slips_is_told_that_the_code_is_none(
    helpline: Helpline,
) -> None:
    ada = helpline.volunteer("Ada")
    turns_away(helpline, ada, None)
    ada.texts("9999 A").is_texted("code_not_found")


def test_a_groups_coordinators_see_their_own_and_what_concerns_their_callers(
    helpline: Helpline,
) -> None:
    helpline.valley()
    helpline.coordinator("Carol")
    sam, kim, lou = (helpline.mobile() for _ in range(3))
    kim.texts("Could someone walk my dog?").is_texted("receipt")
    turns_away(helpline, sam, TODMORDEN)
    turns_away(helpline, kim, None, days=2)
    turns_away(helpline, lou, None, days=3)
    seen = [(each.caller, each.group) for each in turned_away(helpline, HEBDEN)]
    assert seen == [(f"…{kim.phone.number[-4:]}", None)]
    seen = [(each.caller, each.group) for each in turned_away(helpline, TODMORDEN)]
    assert seen == [(f"…{sam.phone.number[-4:]}", TODMORDEN)]


def test_the_same_again_is_one_block_and_another_replaces_it(helpline: Helpline) -> None:
    sam = helpline.mobile()
    for days in (1, 1, 5):
        turns_away(helpline, sam, HEBDEN, days=days)
    turns_away(helpline, sam, None, days=9)
    assert [each.group for each in turned_away(helpline, HEBDEN)] == [HEBDEN]
    assert len(helpline.rows(Block)) == 3
    assert [line.event for line in helpline.rows(AuditLine)] == ["caller_blocked"] * 3


def test_a_block_is_ended_early_by_its_own_group(helpline: Helpline) -> None:
    helpline.valley()
    sam, carol = helpline.mobile(), helpline.coordinator("Carol").id
    turns_away(helpline, sam, HEBDEN)
    [block] = turned_away(helpline, HEBDEN)
    hebden, todmorden = helpline.group_named(HEBDEN), helpline.group_named(TODMORDEN)
    with helpline.database.unit_of_work() as session:
        now = helpline.clock.now()
        assert not blocks.end(session, todmorden, block.block_id, carol, now)
        assert blocks.end(session, hebden, block.block_id, carol, now)
        assert not blocks.end(session, hebden, block.block_id, carol, now)
    assert turned_away(helpline, HEBDEN) == []
    assert is_put_through(sam)
    ended = helpline.rows(AuditLine)[-1]
    assert (ended.event, ended.by_id, ended.group_id) == ("caller_unblocked", carol, hebden)


def test_the_caller_of_a_request_is_found_in_its_own_group(helpline: Helpline) -> None:
    helpline.valley()
    sam = helpline.mobile()
    sam.texts("Could someone walk my dog?").is_texted("receipt")
    request = helpline.request_of(sam)
    with helpline.database.reading() as session:
        hebden, todmorden = helpline.group_named(HEBDEN), helpline.group_named(TODMORDEN)
        assert blocks.number_of(session, hebden, request.id) == sam.phone.number
        with pytest.raises(NoSuchRequest):
            blocks.number_of(session, todmorden, request.id)
