"""What a caller lives through, from the greeting to the promise."""

from collections.abc import Mapping, Sequence

from ivr.steps import PERSON_KEY, Ask, Check, Do, Flow, Menu, Record, Ring, Say, Step

Steps = Mapping[str, Step]


def call_flow(talk: str, offer: str, message: str, language_keys: Sequence[str] = ()) -> Flow:
    """The call, with the menu's keys and a key for each language that can be switched to."""
    menu = {talk: "talk", offer: "offer", message: "message", PERSON_KEY: "talk"}
    languages = {key: f"switch_{key}" for key in language_keys}
    return Flow(
        "call",
        **_arriving(),
        **_too_many_calls(),
        **_greeted(menu, languages),
        **_talking(),
        **_nobody_comes(),
        **_leaving_a_message(),
        **_offering(),
    )


def _arriving() -> Steps:
    return {
        "arrived": Check("is_known_line", yes="welcome_or_not", no="unknown_line"),
        "unknown_line": Say("unknown_line"),
        "welcome_or_not": Check("is_blocked", yes="turned_away", no="too_often"),
        "turned_away": Say("blocked"),
        "too_often": Check("rings_too_often", yes="too_many_calls", no="robot_or_not"),
    }


def _too_many_calls() -> Steps:
    """Nobody is rung for one more, and nothing is owed but to who says something."""
    return {
        "too_many_calls": Say("too_many_calls", then="number_or_not"),
        "number_or_not": Check("has_number", yes="one_message", no="one_message_withheld"),
        "one_message": Record("leave_message", recorded="one_left", silence="goodbye_silent"),
        "one_left": Do("log_ask", then="message_left"),
        "one_message_withheld": Record(
            "leave_message_withheld", recorded="one_left_withheld", silence="goodbye_silent"
        ),
        "one_left_withheld": Do("log_ask", then="message_withheld"),
    }


def _greeted(menu: Mapping[str, str], languages: Mapping[str, str]) -> Steps:
    also = ("language_offer",) if languages else ()
    return {
        # many short silent calls from there today: any key leads on, and so does a voice
        "robot_or_not": Check("seems_robot", yes="is_anybody_there", no="welcome"),
        "is_anybody_there": Menu(
            "press_any_key", {}, silence="goodbye_silent", lost="welcome", voice="talk", tries=0
        ),
        "welcome": Say("welcome", then="area"),
        "area": Check("knows_area", yes="main_menu", no="choose_area"),
        "choose_area": Ask(
            "choose_area",
            each="area_choice",
            options="areas",
            want="remember_area",
            then="main_menu",
            silence="talk",
            choices={PERSON_KEY: "talk", **languages},
            also=also,
        ),
        "main_menu": Menu(
            "main_menu", {**menu, **languages}, silence="talk", lost="talk", also=also
        ),
        **{step: Do(f"speak_{key}", then="area") for key, step in languages.items()},
    }


def _talking() -> Steps:
    """1, or silence: a person."""
    return {
        "talk": Do("log_ask", then="not_999"),
        "not_999": Say("not_999", then="ring"),
        "ring": Ring("please_hold", between="still_trying", answered="after_talk", nobody="nobody"),
        "after_talk": Say("after_talk"),
    }


def _nobody_comes() -> Steps:
    return {
        "nobody": Check("is_open", yes="no_one_free", no="closed"),
        "no_one_free": Say("no_one_free", then="can_be_rung_back"),
        "closed": Say("closed", then="can_be_rung_back"),
        "can_be_rung_back": Check("has_number", yes="owe_callback", no="leave_message_withheld"),
        "owe_callback": Do("owe_callback", then="offer_rung_back"),
        "offer_rung_back": Record(
            "offer_rung_back",
            keys={"1": "rung_back"},
            recorded="message_left",
            silence="goodbye_silent",
            # Nobody can come: a person is somebody who rings back.
            person="rung_back",
            lost="rung_back",
        ),
        "rung_back": Do("confirm_callback", then="rung_back_thanks"),
        "rung_back_thanks": Say("rung_back_thanks"),
        "goodbye_silent": Say("goodbye_silent"),
        "message_left": Do("keep_message", then="message_thanks"),
        "message_thanks": Say("message_thanks"),
    }


def _leaving_a_message() -> Steps:
    """3: a message."""
    return {
        "message": Do("log_ask", then="message_and_number"),
        "message_and_number": Check(
            "has_number", yes="owe_for_message", no="leave_message_withheld"
        ),
        "owe_for_message": Do("owe_callback", then="leave_message"),
        "leave_message": Record(
            "leave_message",
            recorded="message_left",
            silence="nothing_heard",
            person="talk",
            both="message_and_person",
        ),
        "leave_message_withheld": Record(
            "leave_message_withheld",
            recorded="message_withheld",
            silence="goodbye_silent",
            person="talk",
            both="message_and_person",
            lost="talk",
        ),
        "message_withheld": Do("keep_message", then="message_thanks_withheld"),
        "message_thanks_withheld": Say("message_thanks_withheld"),
        "message_and_person": Do("keep_message", then="talk"),
        "nothing_heard": Say("nothing_heard", then="rung_back"),
    }


def _offering() -> Steps:
    """2: an offer."""
    return {
        "offer": Do("log_offer", then="offer_and_number"),
        "offer_and_number": Check("has_number", yes="say_offer", no="say_offer_withheld"),
        "say_offer": Record("offer", recorded="offer_left", silence="offer_again", person="talk"),
        "say_offer_withheld": Record(
            "offer_withheld", recorded="offer_left", silence="offer_again", person="talk"
        ),
        "offer_again": Say("nothing_heard", then="talk"),
        "offer_left": Do("keep_offer", then="offer_thanks"),
        "offer_thanks": Say("offer_thanks"),
    }
