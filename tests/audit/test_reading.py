"""The audit log as a group's coordinators read it: theirs alone, newest first, searched."""

from datetime import timedelta

import pytest

from helpline import audit, requests
from helpline.auditing import reading
from helpline.auditing.reading import A_PAGE, Found, Line, Wanted
from helpline.models import AuditLine, Request
from tests.harness import HEBDEN, TODMORDEN, VALLEY_LINE, Helpline


def writes(helpline: Helpline, event: str, group: str | None = None, **about: int) -> None:
    """Something happens."""
    with helpline.database.unit_of_work() as session:
        group_id = helpline.group_named(group) if group else None
        audit.write(session, event, helpline.clock.now(), group_id=group_id, **about)


def reads(helpline: Helpline, group: str, older_than: int | None = None, **wanted: object) -> Found:
    """What the coordinators of a group see."""
    with helpline.database.reading() as session:
        asked = Wanted(**wanted)  # type: ignore[arg-type]
        return reading.search(session, helpline.group_named(group), asked, older_than)


def events(found: Found) -> list[str]:
    """What happened, the newest first."""
    return [line.event for line in found.lines]


def test_a_line_is_read_by_the_group_it_says(helpline: Helpline) -> None:
    helpline.valley()
    ada = helpline.volunteer("Ada").id
    carol = helpline.coordinator("Carol").id
    writes(helpline, "number_shown", HEBDEN, volunteer_id=ada, by_id=carol)
    [line] = reads(helpline, HEBDEN).lines
    assert (line.event, line.volunteer, line.by, line.at) == (
        *("number_shown", "Ada", "Carol"),
        helpline.clock.now(),
    )
    assert reads(helpline, TODMORDEN).lines == ()


def test_a_volunteers_line_is_read_by_each_of_their_groups(helpline: Helpline) -> None:
    helpline.valley()
    tim = helpline.volunteer("Tim", group=TODMORDEN).id
    writes(helpline, "volunteer_stopped", volunteer_id=tim)
    assert events(reads(helpline, TODMORDEN)) == ["volunteer_stopped"]
    assert events(reads(helpline, HEBDEN)) == []


def test_a_request_without_an_area_is_every_groups_until_it_has_one(helpline: Helpline) -> None:
    helpline.valley()
    sam = helpline.mobile()
    sam.texts("Could someone walk my dog?", VALLEY_LINE).is_texted("which_area")
    request = helpline.request_of(sam)
    writes(helpline, "callback_late", request_id=request.id)
    assert (
        events(reads(helpline, HEBDEN)) == events(reads(helpline, TODMORDEN)) == ["callback_late"]
    )
    with helpline.database.unit_of_work() as session:
        requests.give_area(session, request.id, helpline.group_named(TODMORDEN))
    writes(helpline, "callback_given_up", request_id=request.id)
    assert events(reads(helpline, HEBDEN)) == []
    assert events(reads(helpline, TODMORDEN)) == ["callback_given_up", "callback_late"]


def test_a_call_without_a_request_is_its_groups(helpline: Helpline) -> None:
    helpline.valley()
    edna = helpline.landline()
    edna.calls().hangs_up()
    [call] = helpline.calls_of(edna)
    writes(helpline, "leg_refused", call_id=call.id)
    assert events(reads(helpline, HEBDEN)) == ["leg_refused"]
    assert events(reads(helpline, TODMORDEN)) == []


def test_what_says_nothing_of_a_group_is_read_by_none(helpline: Helpline) -> None:
    writes(helpline, "file_loaded")
    assert events(reads(helpline, HEBDEN)) == []


def test_a_request_that_has_gone_to_another_group_is_told_of_and_not_opened(
    helpline: Helpline,
) -> None:
    helpline.valley()
    sam = helpline.mobile()
    sam.texts("Could someone walk my dog?").is_texted("receipt")
    request = helpline.request_of(sam)
    writes(helpline, "callback_late", request_id=request.id)
    assert reads(helpline, HEBDEN).lines[0].is_here
    with helpline.database.unit_of_work() as session:
        session.get_one(Request, request.id).group_id = helpline.group_named(TODMORDEN)
    [line] = reads(helpline, HEBDEN).lines
    assert (line.code, line.is_here) == (request.code, False)


def test_the_newest_first_a_page_at_a_time(helpline: Helpline) -> None:
    for n in range(2 * A_PAGE + 3):
        writes(helpline, f"event_{n}", HEBDEN)
        writes(helpline, "elsewhere")
    lines: list[Line] = []
    older_than = None
    for _ in range(3):
        found = reads(helpline, HEBDEN, older_than)
        lines += found.lines
        older_than = found.older_than
    assert older_than is None
    assert [line.event for line in lines] == [f"event_{n}" for n in reversed(range(2 * A_PAGE + 3))]


@pytest.mark.parametrize("count", [A_PAGE, A_PAGE + 1])
def test_there_is_a_next_page_where_there_is_a_next_line(helpline: Helpline, count: int) -> None:
    for _ in range(count):
        writes(helpline, "member_joined", HEBDEN)
    found = reads(helpline, HEBDEN)
    assert (found.older_than is not None) == (count > A_PAGE)


def test_searched_by_what_happened_and_by_whom(helpline: Helpline) -> None:
    ada, bob = helpline.volunteer("Ada").id, helpline.volunteer("Bob").id
    writes(helpline, "number_shown", HEBDEN, volunteer_id=ada, by_id=bob)
    writes(helpline, "number_changed", HEBDEN, volunteer_id=bob)
    writes(helpline, "member_joined", HEBDEN, volunteer_id=ada)
    assert events(reads(helpline, HEBDEN, events={"number_shown", "number_changed"})) == [
        "number_changed",
        "number_shown",
    ]
    assert events(reads(helpline, HEBDEN, who=bob)) == ["number_changed", "number_shown"]
    assert events(reads(helpline, HEBDEN, who=bob, events={"number_shown"})) == ["number_shown"]


def test_searched_by_a_requests_code(helpline: Helpline) -> None:
    sam, kim = helpline.mobile(), helpline.mobile()
    for who in (sam, kim):
        who.texts(f"Could someone help number {who.phone.number[-1]}?").is_texted("receipt")
    writes(helpline, "callback_late", request_id=helpline.request_of(sam).id)
    writes(helpline, "callback_given_up", request_id=helpline.request_of(kim).id)
    assert events(reads(helpline, HEBDEN, code=helpline.request_of(sam).code)) == ["callback_late"]


def test_searched_by_a_span(helpline: Helpline) -> None:
    began = helpline.clock.now()
    for hour in range(3):
        writes(helpline, f"hour_{hour}", HEBDEN)
        helpline.wait(hours=1)
    hours = [began + timedelta(hours=n) for n in range(3)]
    assert events(reads(helpline, HEBDEN, since=hours[1])) == ["hour_2", "hour_1"]
    assert events(reads(helpline, HEBDEN, since=hours[1], before=hours[2])) == ["hour_1"]


def test_who_can_be_asked_for(helpline: Helpline) -> None:
    helpline.valley()
    helpline.volunteer("bob")
    ada = helpline.volunteer("Ada")
    tim, tom = (helpline.volunteer(name, group=TODMORDEN) for name in ("Tim", "Tom"))
    writes(helpline, "member_left", HEBDEN, volunteer_id=tim.id)
    with helpline.database.reading() as session:
        found = reading.people(session, helpline.group_named(HEBDEN))
    assert found == [(ada.id, "Ada"), (helpline.people["bob"].id, "bob"), (tim.id, "Tim")]
    assert tom.id not in dict(found)


def test_whose_a_line_is_is_found_in_the_insert_itself(helpline: Helpline) -> None:
    sam = helpline.mobile()
    sam.texts("Could someone walk my dog?").is_texted("receipt")
    writes(helpline, "callback_late", request_id=helpline.request_of(sam).id)
    assert helpline.rows(AuditLine)[-1].group_id == helpline.group_named(HEBDEN)
