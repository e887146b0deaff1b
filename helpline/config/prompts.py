"""Names every prompt and every text there is, and the {braces} each may and must hold."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

BRACE: Final = re.compile(r"\{(\w+)\}")

# Filled in from config.yaml itself, the same for every caller.
STANDING: Final = frozenset(
    {"talk", "offer", "message", "emergency_number", "fallback_number", "call_word", "notice"}
)
# Filled in by a flow, but the same every time it is said (a line says its own name).
FIXED: Final = STANDING | {"line", "key", "listen", "rung_back", "take", "pass"}


@dataclass(frozen=True, slots=True)
class Braces:
    """The braces a prompt may hold, and those it is useless without."""

    may: frozenset[str]
    must: frozenset[str]

    @property
    def asked_for(self) -> frozenset[str]:
        """The values that whoever wants the prompt must give, whether today's words use them or
        not: a coordinator may put them in tomorrow."""
        return self.may - STANDING

    @property
    def can_be_recorded(self) -> bool:
        """A sound file can stand in for a prompt that says the same to everybody."""
        return self.may <= FIXED


def braces_in(words: str) -> frozenset[str]:
    """The names in braces in a coordinator's words."""
    return frozenset(BRACE.findall(words))


def fill(words: str, values: Mapping[str, object]) -> str:
    """The words with each {name} replaced by its value, once: braces in a value stay as they are.

    Raises KeyError for a name without a value.
    """
    return BRACE.sub(lambda brace: str(values[brace[1]]), words)


def _braces(may: str = "", *, must: str = "") -> Braces:
    return Braces(frozenset((*may.split(), *must.split())), frozenset(must.split()))


SPOKEN: Final[Mapping[str, Braces]] = {
    # to a caller
    "welcome": _braces("line"),
    "language_offer": _braces(must="key"),
    "main_menu": _braces(must="talk offer message"),
    "choose_area": _braces(),
    "area_choice": _braces(must="key group"),
    "wrong_key": _braces(),
    "blocked": _braces("emergency_number"),
    "too_many_calls": _braces("emergency_number", must="line"),
    "press_any_key": _braces(must="line"),
    "not_999": _braces(must="emergency_number"),
    "please_hold": _braces(),
    "still_trying": _braces(),
    "no_one_free": _braces(),
    "closed": _braces("opens"),
    "offer_rung_back": _braces("notice", must="by rung_back"),
    "leave_message": _braces("notice"),
    "leave_message_withheld": _braces("notice"),
    "offer": _braces("notice"),
    "offer_withheld": _braces("notice"),
    "nothing_heard": _braces(),
    "message_thanks": _braces(must="by"),
    "message_thanks_withheld": _braces(),
    "rung_back_thanks": _braces(must="by"),
    "offer_thanks": _braces(),
    "goodbye_silent": _braces(),
    "unknown_line": _braces(),
    "trouble": _braces(must="fallback_number"),
    "ringing_elsewhere": _braces("fallback_number"),
    "one_moment": _braces(),
    "after_talk": _braces(),
    "callback_welcome": _braces(must="line"),
    "through_welcome": _braces(must="line"),
    # to a volunteer
    "screening": _braces("calls_this_week", must="group take pass"),
    "calls_this_week": _braces(must="ordinal"),
    "calls_this_week_many": _braces(must="count"),
    "caller_gone": _braces(),
    "taken_by_other": _braces(),
    "passed": _braces(),
    "not_taken": _braces(),
    "after_talk_volunteer": _braces(),
    "screening_callback": _braces(must="group take pass"),
    "callback_connecting": _braces(),
    "callback_no_answer": _braces(),
    "callback_done_already": _braces(),
    "screening_through": _braces("group", must="code take pass"),
    "through_no_answer": _braces(),
    "sign_in_call": _braces("line", must="listen"),
    "sign_in_code": _braces(must="sign_in_code"),
}

# After each of these somebody speaks a message.
BEFORE_A_MESSAGE: Final = (
    "offer_rung_back",
    "leave_message",
    "leave_message_withheld",
    "offer",
    "offer_withheld",
)

TEXTED: Final[Mapping[str, Braces]] = {
    # to a caller
    "receipt": _braces("line notice", must="code call_word"),
    "receipt_added": _braces("call_word", must="code"),
    "receipt_empty": _braces("call_word", must="code"),
    "receipt_where": _braces("line notice", must="code call_word"),
    "receipt_media": _braces("call_word", must="code"),
    "which_area": _braces("code", must="areas"),
    "call_promised": _braces(must="by code"),
    "follow_up_caller": _braces("line notice", must="code"),
    "offer_thanks": _braces("line notice", must="code"),
    "next_morning": _braces("line", must="code"),
    "helped_yes": _braces("code"),
    "helped_no": _braces("call_word", must="code"),
    "by_hand": _braces("code", must="line written"),
    "too_many_texts": _braces("code line"),
    # to a volunteer
    "follow_up_volunteer": _braces("link", must="code"),
    "could_you_help": _braces("group link", must="code"),
    "help_yours": _braces(must="code"),
    "help_again": _braces(must="code"),
    "help_not_needed": _braces(must="code"),
    "help_thanks": _braces("code"),
    "help_unclear": _braces(must="code"),
    "outcome_done": _braces(must="code"),
    "outcome_needs_help": _braces(must="code"),
    "outcome_rang_since": _braces(must="code"),
    "outcome_someone_else": _braces(must="code"),
    "outcome_worried": _braces(must="code"),
    "outcome_unclear": _braces(must="code"),
    "which_code": _braces(must="code"),
    "code_not_found": _braces(must="code"),
    "your_number_changed": _braces("group"),
    "shifts_changed": _braces("group", must="added removed"),
    "shifts_added": _braces("group", must="added"),
    "shifts_gone": _braces("group", must="removed"),
    "shifts_more": _braces(must="shifts count"),
    "voicemail_new": _braces("group", must="code"),
    "caller_rang_off": _braces("group"),
    "handed_over": _braces("volunteer", must="code"),
    "sign_in_code": _braces(must="sign_in_code"),
    # to the coordinators
    "alert_worried": _braces("volunteer", must="code"),
    "alert_not_reached": _braces(must="code"),
    "alert_reopened": _braces(must="code"),
    "alert_text_failed": _braces(must="code"),
    "alert_volunteer_stopped": _braces(must="volunteer"),
    "alert_number_changed": _braces("group", must="volunteer by"),
    "alert_callback_late": _braces("by", must="code"),
    # each of several, of which one was told within the hour
    "alert_callbacks_late": _braces(must="code count"),
    "alert_texts_failed": _braces(must="code count"),
    "alert_voicemail_lost": _braces(must="code"),
    "alert_recording_not_deleted": _braces(must="code"),
    "alert_text_unread": _braces(must="code"),
    "alert_kept_aside": _braces("group", must="code"),
    "alert_withheld": _braces("group", must="code"),
    "alert_other_group": _braces("group", must="code"),
    "trouble_web": _braces(),
    "trouble_certificate": _braces(must="until"),
    "trouble_time": _braces(must="off"),
    "trouble_call_worker": _braces(),
    "trouble_text_worker": _braces(),
    "trouble_clock": _braces(),
    "trouble_queue": _braces(),
    "trouble_promises": _braces(must="count"),
    "trouble_texts": _braces(),
    "trouble_disk": _braces(must="left"),
    "trouble_database": _braces(),
    "trouble_config": _braces(must="complaint"),
    "trouble_backup": _braces(),
    "trouble_canary": _braces("lines"),
    "trouble_texts_budget": _braces(),
    "trouble_minutes_budget": _braces(),
    "trouble_codes": _braces(),
    "trouble_no_database": _braces(),
    "trouble_over": _braces(),
    # not to anybody's own telephone alone: also by e-mail, and from another number
    "canary_failed": _braces(must="line"),
    "canary_well": _braces(must="line"),
    "alert_several": _braces(must="code"),
    "alert_caller_not_allowed": _braces(must="code"),
    "alert_volunteer_not_allowed": _braces(must="volunteer"),
}
