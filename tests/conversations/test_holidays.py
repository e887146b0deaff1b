"""A group closes its line on a day of its own: nobody is rung, and callers hear when we open."""

from datetime import UTC, date, datetime, timedelta

import pytest

from helpline import rota_edits
from helpline.config.decided import RingOrder
from helpline.models import Callback, Group
from helpline.rota_edits import CloseDay, OpenDay
from tests.harness import HEBDEN, TODMORDEN, TUESDAY_MORNING, Helpline
from tests.people import Volunteering

TUESDAY = date(2026, 3, 3)
WEDNESDAY = date(2026, 3, 4)


def edits(helpline: Helpline, *made: rota_edits.Edit, group: str = HEBDEN) -> None:
    """A coordinator edits the rota; whoever is on is told, which is no news here."""
    with helpline.database.unit_of_work() as session:
        [row] = [each for each in session.query(Group) if each.name == group]
        now = helpline.clock.now()
        rota_edits.save(session, row, made, by=None, at=now)


def closed_today(helpline: Helpline) -> Volunteering:
    ada: Volunteering = helpline.on_shift("Ada")
    edits(helpline, CloseDay(TUESDAY, "Wakes week"))
    helpline.wait(minutes=10)
    ada.is_texted("shifts_gone").has_read_everything()
    return ada


def test_nobody_is_rung_and_the_caller_hears_when_we_open(helpline: Helpline) -> None:
    closed_today(helpline)
    edna = helpline.landline()
    call = edna.calls().presses("1")
    said = [each.text for each in call.listens()]
    assert any("open again at 8 o'clock tomorrow morning" in words for words in said), said
    call.hangs_up()


def test_nobody_is_promised_a_call_on_that_day(helpline: Helpline) -> None:
    closed_today(helpline)
    edna = helpline.landline()
    call = edna.calls().presses("1")
    call.hears("welcome", "not_999", "closed", "offer_rung_back").presses("1")
    call.hears("rung_back_thanks").is_over()
    [callback] = helpline.rows(Callback)
    assert callback.due_at >= TUESDAY_MORNING + timedelta(hours=22)
    helpline.wait_until(TUESDAY_MORNING + timedelta(hours=20))
    assert helpline.people["Ada"].phone.history == []


def test_a_day_that_is_open_after_all_rings_again(helpline: Helpline) -> None:
    ada = closed_today(helpline)
    edits(helpline, OpenDay(TUESDAY))
    caller = helpline.landline().calls().presses("1")
    caller.hears("welcome", "not_999", "please_hold")
    ada.rings().picks_up().hears("screening").presses("1").talks_to(caller)
    caller.waits(30).hangs_up()
    ada.is_texted("follow_up_volunteer")
    helpline.wait(minutes=10)
    ada.is_texted("shifts_added").has_read_everything()


def test_another_group_of_the_line_is_open(helpline: Helpline) -> None:
    line = helpline.valley()
    tim = helpline.on_shift("Tim", group=TODMORDEN)
    edits(helpline, CloseDay(TUESDAY, "Wakes week"))
    caller = helpline.landline().calls(line).presses("2").presses("1")
    caller.hears("welcome", "main_menu", "not_999", "please_hold")
    tim.rings().picks_up().hears("screening").presses("1").talks_to(caller)
    caller.waits(30).hangs_up()
    tim.is_texted("follow_up_volunteer")


def test_who_has_chosen_no_area_rings_nobody_of_a_group_on_holiday(helpline: Helpline) -> None:
    line = helpline.valley()
    ada = closed_today(helpline)
    tim = helpline.on_shift("Tim", group=TODMORDEN)
    caller = helpline.landline().calls(line).stays_silent()
    tim.rings().declines()
    caller.waits(60).hangs_up()
    assert ada.phone.history == []


def test_nor_is_anybody_of_it_asked_to_ring_them_back(helpline: Helpline) -> None:
    line = helpline.valley()
    edna = helpline.landline()
    caller = edna.calls(line).stays_silent()
    caller.listens()
    caller.presses("1").hears("rung_back_thanks")
    ada = closed_today(helpline)
    tim = helpline.on_shift("Tim", group=TODMORDEN)
    ring = tim.rings(1800).picks_up().hears("screening_callback").presses("1")
    ring.hears("callback_connecting")
    edna.rings().picks_up().hears("callback_welcome").talks_to(ring)
    ring.waits(30).hangs_up()
    tim.is_texted("follow_up_volunteer")
    assert ada.phone.history == []


def rings(helpline: Helpline, at: datetime) -> list[str]:
    """Who is rung for a call that comes at this moment, by name."""
    helpline.wait_until(at)
    people = {who.phone: name for name, who in helpline.people.items()}
    before = {phone: len(phone.history) for phone in people}
    caller = helpline.landline().calls().presses("1").waits(100)
    rung = [people[phone] for phone in people if len(phone.history) > before[phone]]
    caller.hangs_up()
    for who in helpline.people.values():
        who.notices_missed_calls().has_read_everything()
    return rung


@pytest.mark.parametrize("order", list(RingOrder))
def test_who_came_on_shift_before_a_holiday_stays_to_the_end(
    helpline: Helpline, order: RingOrder
) -> None:
    helpline.on_shift("Ada", hours="22:00-02:00")
    helpline.on_shift("Bob", hours="00:00-12:00")
    with helpline.database.unit_of_work() as session:
        [row] = [each for each in session.query(Group) if each.name == HEBDEN]
        row.ring_order = order
    edits(helpline, CloseDay(WEDNESDAY, "Wakes week"))
    assert rings(helpline, datetime(2026, 3, 4, 0, 30, tzinfo=UTC)) == ["Ada"]
    assert rings(helpline, datetime(2026, 3, 4, 2, 0, tzinfo=UTC)) == []
    # The shift of the holiday's own evening begins with the day after.
    assert rings(helpline, datetime(2026, 3, 4, 22, 30, tzinfo=UTC)) == []
    assert rings(helpline, datetime(2026, 3, 5, 0, 30, tzinfo=UTC)) == ["Ada", "Bob"]


def test_nobody_stays_over_from_a_holiday_into_the_next(helpline: Helpline) -> None:
    helpline.on_shift("Ada", hours="22:00-02:00")
    edits(helpline, CloseDay(TUESDAY, "Wakes week"), CloseDay(WEDNESDAY, "Wakes week"))
    assert rings(helpline, datetime(2026, 3, 4, 0, 30, tzinfo=UTC)) == []


def test_who_has_chosen_no_area_rings_whoever_came_on_shift_before(helpline: Helpline) -> None:
    line = helpline.valley()
    ada = helpline.on_shift("Ada", hours="22:00-02:00")
    edits(helpline, CloseDay(WEDNESDAY, "Wakes week"))
    helpline.wait_until(datetime(2026, 3, 4, 0, 30, tzinfo=UTC))
    ada.has_read_everything()
    caller = helpline.landline().calls(line).stays_silent()
    ada.rings().declines()
    caller.hangs_up()
