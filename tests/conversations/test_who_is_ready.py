"""Only who is ready is rung: inducted by the group they answer for, and not pausing."""

from datetime import timedelta

from helpline.config.decided import RingOrder
from helpline.models import Group, Leg, Membership, Volunteer
from helpline.watching import heartbeats
from tests.harness import HEBDEN, TODMORDEN, Helpline


def joins(helpline: Helpline, name: str, group: str = HEBDEN) -> None:
    """They belong to this group too, and its induction is not done."""
    with helpline.database.unit_of_work() as session:
        session.merge(
            Membership(
                group_id=helpline.group_named(group),
                volunteer_id=helpline.people[name].id,
                awaits_induction=True,
            )
        )


def pauses(helpline: Helpline, name: str, **time: float) -> None:
    """They asked not to be rung for so long."""
    until = helpline.clock.now() + timedelta(**time)
    with helpline.database.unit_of_work() as session:
        session.get_one(Volunteer, helpline.people[name].id).paused_until = until


def volunteers_rung(helpline: Helpline) -> list[str]:
    """Whose telephones rang, in order."""
    names = {each.id: name for name, each in helpline.people.items()}
    return [names[leg.volunteer_id] for leg in helpline.rows(Leg)]


def test_who_is_not_inducted_yet_is_passed_over(helpline: Helpline) -> None:
    _, bob = helpline.on_shift("Ada", "Bob")
    joins(helpline, "Ada")
    caller = helpline.landline().calls().presses("1")
    bob.rings().picks_up().presses("1").talks_to(caller)
    caller.waits(60).hangs_up()
    bob.is_texted("follow_up_volunteer")
    assert volunteers_rung(helpline) == ["Bob"]


def test_who_is_inducted_by_another_group_alone_is_passed_over(helpline: Helpline) -> None:
    helpline.valley()
    helpline.volunteer("Tim", group=TODMORDEN)
    joins(helpline, "Tim", HEBDEN)
    helpline.on_shift("Tim", group=HEBDEN)
    caller = helpline.landline().calls().presses("1")
    caller.hears("welcome", "not_999", "no_one_free", "offer_rung_back").hangs_up()
    assert volunteers_rung(helpline) == []


def test_on_a_shared_line_who_is_inducted_by_either_group_is_rung(helpline: Helpline) -> None:
    valley = helpline.valley()
    tim = helpline.on_shift("Tim", group=TODMORDEN)
    joins(helpline, "Tim", HEBDEN)
    caller = helpline.landline().calls(valley).stays_silent().presses("1")
    tim.rings()
    caller.hangs_up()
    assert volunteers_rung(helpline) == ["Tim"]


def test_who_pauses_is_rung_again_when_the_pause_is_over(helpline: Helpline) -> None:
    ada, bob = helpline.on_shift("Ada", "Bob")
    pauses(helpline, "Ada", minutes=5)
    edna = helpline.landline()
    caller = edna.calls().presses("1")
    bob.rings().waits(30)
    caller.hangs_up()
    assert volunteers_rung(helpline) == ["Bob"]
    helpline.wait(minutes=5)
    caller = edna.calls().presses("1")
    ada.rings().picks_up().presses("1").talks_to(caller)
    caller.waits(60).hangs_up()
    ada.is_texted("follow_up_volunteer")


def test_everybody_at_once_is_everybody_who_is_ready(helpline: Helpline) -> None:
    ada, _, _ = helpline.on_shift("Ada", "Bob", "Cy")
    pauses(helpline, "Bob", days=1)
    joins(helpline, "Cy")
    with helpline.database.unit_of_work() as session:
        group = session.get_one(Group, helpline.group_named(HEBDEN))
        group.ring_order = RingOrder.ALL_AT_ONCE
        heartbeats.beat(session, heartbeats.WORKER, helpline.clock.now())
    caller = helpline.landline().calls().presses("1")
    ada.rings(within=5).picks_up().presses("1").talks_to(caller)
    caller.waits(60).hangs_up()
    helpline.wait(seconds=5)
    ada.is_texted("follow_up_volunteer")
    assert volunteers_rung(helpline) == ["Ada"]


def test_a_callback_rings_nobody_who_is_not_ready(helpline: Helpline) -> None:
    edna = helpline.landline()
    caller = edna.calls().presses("1")
    caller.hears("welcome", "not_999", "no_one_free", "offer_rung_back").presses("1")
    caller.hears("rung_back_thanks").is_over()
    _, bob, _ = helpline.on_shift("Ada", "Bob", "Cy")
    pauses(helpline, "Ada", days=1)
    joins(helpline, "Cy")
    bob.rings(1800).picks_up().presses("1")
    edna.rings().picks_up().waits(60).hangs_up()
    helpline.wait(seconds=5)
    bob.is_texted("follow_up_volunteer")
    assert volunteers_rung(helpline) == ["Bob"]


def test_a_message_is_told_of_to_who_is_ready(helpline: Helpline) -> None:
    ada, _, _ = helpline.on_shift("Ada", "Bob", "Cy")
    pauses(helpline, "Bob", days=1)
    joins(helpline, "Cy")
    helpline.landline().calls().presses("3").hears("welcome", "leave_message").says(
        "My heating is off", seconds=8
    ).hangs_up()
    ada.is_texted("voicemail_new")


def test_a_message_that_nobody_ready_could_hear_goes_to_the_coordinators(
    helpline: Helpline,
) -> None:
    carol = helpline.coordinator("Carol")
    helpline.on_shift("Bob", "Cy")
    pauses(helpline, "Bob", days=1)
    joins(helpline, "Cy")
    helpline.landline().calls().presses("3").hears("welcome", "leave_message").says(
        "My heating is off", seconds=8
    ).hangs_up()
    carol.is_texted("voicemail_new")
