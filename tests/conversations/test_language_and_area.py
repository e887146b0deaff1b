"""Two languages, one number for several groups, and what is remembered of both."""

from helpline.models import Call
from tests.harness import HEBDEN, TODMORDEN, Helpline

GREETING = ("welcome", "main_menu", "language_offer:pl")


def test_9_switches_to_polish_and_is_remembered(helpline: Helpline) -> None:
    basia = helpline.landline()
    caller = basia.calls().hears(*GREETING).presses("9").hears("main_menu", language="pl")
    caller.presses("1").hears("not_999", "no_one_free", "offer_rung_back", language="pl")
    assert {each.language for each in caller.call.heard if each.sound == "say"} >= {"pl-PL"}
    caller.presses("1").hears("rung_back_thanks", language="pl").is_over()
    again = basia.calls().hears("welcome", "main_menu", language="pl")
    again.presses("9").hears("main_menu").hangs_up()


def test_a_withheld_caller_is_spoken_to_in_the_chosen_language(helpline: Helpline) -> None:
    caller = helpline.landline().calls(withheld=True).hears(*GREETING).presses("9")
    caller.hears("main_menu", language="pl").presses("1")
    caller.hears("not_999", "no_one_free", "leave_message_withheld", language="pl").hangs_up()


def test_who_writes_polish_is_answered_in_polish(helpline: Helpline) -> None:
    basia = helpline.mobile().texts("Dzień dobry, potrzebuję chleba")
    basia.is_texted("receipt", language="pl").replies("ZADZWOŃ proszę")
    basia.is_texted("call_promised", language="pl")
    basia.calls().hears("welcome", "main_menu", language="pl").hangs_up()


def test_a_name_in_a_text_is_no_language(helpline: Helpline) -> None:
    sam = helpline.mobile().texts("Please tell Łukasz that I need bread")
    sam.is_texted("receipt").replies("CALL").is_texted("call_promised")
    sam.calls().hears(*GREETING).hangs_up()


def test_a_line_of_two_groups_asks_for_the_area_once(helpline: Helpline) -> None:
    valley = helpline.valley()
    ada = helpline.on_shift("Ada", group=HEBDEN)
    tim = helpline.on_shift("Tim", group=TODMORDEN)
    edna = helpline.landline()
    caller = edna.calls(valley)
    caller.hears("welcome", "choose_area", "area_choice", "area_choice", "language_offer:pl")
    caller.presses("2").hears("main_menu", "language_offer:pl").presses("1")
    tim.rings().picks_up().hears("screening").presses("1").talks_to(caller)
    caller.waits(30).hangs_up()
    tim.is_texted("follow_up_volunteer")
    assert ada.phone.history == []
    again = edna.calls(valley).hears("welcome", "main_menu", "language_offer:pl").presses("1")
    tim.rings().picks_up().presses("1").talks_to(again)
    again.waits(30).hangs_up()
    tim.is_texted("follow_up_volunteer")


def test_silence_about_the_area_reaches_whoever_is_on_in_any_of_them(helpline: Helpline) -> None:
    valley = helpline.valley()
    tim = helpline.on_shift("Tim", group=TODMORDEN)
    caller = helpline.landline().calls(valley)
    caller.hears("welcome", "choose_area", "area_choice", "area_choice", "language_offer:pl")
    caller.stays_silent().hears("not_999", "please_hold")
    tim.rings().picks_up().presses("1").talks_to(caller)
    caller.waits(30).hangs_up()
    tim.is_texted("follow_up_volunteer")


def test_a_wrong_area_key_asks_again(helpline: Helpline) -> None:
    caller = helpline.landline().calls(helpline.valley())
    caller.hears("welcome", "choose_area", "area_choice", "area_choice", "language_offer:pl")
    caller.presses("5")
    caller.hears(
        "wrong_key", "choose_area", "area_choice", "area_choice", "language_offer:pl"
    ).hangs_up()


def test_a_number_of_one_group_asks_nothing(helpline: Helpline) -> None:
    helpline.landline().calls().hears(*GREETING).hangs_up()
    [call] = helpline.rows(Call)
    assert call.group_id is not None


def test_a_blocked_caller_hears_one_polite_sentence_until_the_block_ends(
    helpline: Helpline,
) -> None:
    nuisance = helpline.landline()
    helpline.block(nuisance, days=7)
    nuisance.calls().hears("blocked").is_over()
    helpline.wait(days=8)
    nuisance.calls().hears(*GREETING).hangs_up()
