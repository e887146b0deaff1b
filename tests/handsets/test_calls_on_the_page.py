"""Calls, played on the page: who rings, who is heard, who talks to whom."""

from __future__ import annotations

from playwright.sync_api import expect

from simulator.events import Recorded
from tests.handsets.table import Table
from tests.handsets.village import Served


def test_silence_is_put_through_to_the_second_volunteer(table: Table) -> None:
    edna, ada, bob = table.of("Edna"), table.of("Ada"), table.of("Bob")
    edna.presses("Call").hears("Village. Press 1.")
    ada.rings().shows("Village").presses("Decline")
    bob.rings().presses("Pick up").hears("Jeden?").presses("1")
    edna.shows("Talking with Bob")
    bob.shows("Talking with Edna")
    table.tells("Edna and Bob are talking.")
    edna.says("Hello Bob.")
    bob.hears("Hello Bob.").presses("Hang up").is_idle()
    edna.hears("Bye.").is_idle()


def test_the_same_in_real_time(real_desk: Table) -> None:
    edna, ada, bob = real_desk.of("Edna"), real_desk.of("Ada"), real_desk.of("Bob")
    edna.presses("Call").hears("Village. Press 1.").presses("1")
    ada.rings().presses("Decline")
    bob.rings().presses("Pick up").hears("Jeden?").presses("1").shows("Talking with Edna")
    edna.presses("Hang up").is_idle()
    bob.is_idle()


def test_a_voicemail_takes_the_call_and_is_passed_over(desk: Table) -> None:
    edna, ada, bob = desk.of("Edna"), desk.of("Ada"), desk.of("Bob")
    ada.behaves("its voicemail picks up")
    edna.presses("Call").hears("Village").presses("1")
    ada.rings().shows("Voicemail has picked up")
    desk.tells("Ada’s voicemail picks up: “Hello, I can't come to the phone")
    bob.rings()
    desk.tells("Ada’s voicemail is hung up on.")
    edna.presses("Hang up").is_idle()
    bob.is_idle()


def test_a_message_is_spoken_for_as_long_as_one_likes(desk: Table, village: Served) -> None:
    edna = desk.of("Edna")
    edna.presses("Call").hears("Village").presses("3")
    edna.shows("Recording you").says("Could somebody fetch my prescription?", "3")
    edna.hears("Thanks.").is_idle()
    recorded = village.network.log.of(Recorded)[-1]
    assert (recorded.words, recorded.seconds) == ("Could somebody fetch my prescription?", 3)


def test_hold_to_talk_measures_the_time(desk: Table, village: Served) -> None:
    edna = desk.of("Edna")
    edna.presses("Call").hears("Village").presses("3").shows("Recording you")
    edna.node.locator(".words").fill("It is Rex who needs a walk.")
    edna.node.locator(".hold").hover()
    desk.page.mouse.down()
    desk.tells_after(40, village.network)
    desk.page.mouse.up()
    edna.hears("Thanks.")
    recorded = village.network.log.of(Recorded)[-1]
    # Longer than the silence that ends a message: a voice was heard all the while.
    assert recorded.seconds >= 40
    assert recorded.words == "It is Rex who needs a walk."


def test_a_hidden_number_is_not_shown(desk: Table) -> None:
    edna, ada = desk.of("Edna"), desk.of("Ada")
    ada.node.locator(".to").fill("01632 960000")
    edna.node.get_by_label("Hide number").check()
    edna.presses("Call")
    desk.tells("Edna rings Village, hiding the number.")


def test_the_keyboard_presses_the_keys_of_the_telephone_in_hand(desk: Table) -> None:
    edna = desk.of("Edna")
    edna.presses("Call").hears("Village")
    desk.page.keyboard.press("3")
    desk.tells("Edna presses 3.")
    edna.shows("Recording you")


def test_two_telephones_ring_at_once(desk: Table) -> None:
    for caller in (desk.of("Edna"), desk.of("Sam")):
        caller.presses("Call").hears("Village").presses("1")
    # Ada is being rung for one of the two, so the other call goes on to Bob.
    desk.of("Ada").rings()
    desk.of("Bob").rings()
    desk.tells("Ada’s telephone is busy.")
    expect(desk.page.locator('.lamp[data-state="ringing"]')).to_have_count(2)


def test_a_refused_webhook_is_told_loudly(desk: Table) -> None:
    edna = desk.of("Edna")
    edna.presses("Call").hears("Village").presses("5").hears("an application error has occurred")
    expect(desk.tells("village.example refused POST /menu with 403.")).to_have_class(
        "happening bad"
    )


def test_a_number_that_nobody_has_can_be_put_on_the_table(desk: Table, village: Served) -> None:
    village.network.phones.pop("+447700900101")
    desk.of("Edna").presses("Call").hears("Village").presses("1")
    told = desk.tells("Village rings 07700 900101, and no telephone has it.")
    told.get_by_role("button", name="Put that telephone on the table").click()
    expect(desk.page.get_by_role("heading", name="07700 900101")).to_be_visible()


def test_emergency_numbers_are_refused_kindly(desk: Table) -> None:
    edna = desk.of("Edna")
    for key in "999":
        edna.presses(key)
    edna.presses("Call")
    expect(desk.page.locator(".toast")).to_contain_text("In an emergency use a real one.")
