"""A sentence for each line of the audit log that is part of a request's story."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from flask_babel import gettext, lazy_gettext

from helpline.models import Outcome
from helpline.stories.kinds import Noted
from helpline.web.wording import moment

OUTCOME_WORDS: Final = {
    Outcome.DONE: lazy_gettext("done"),
    Outcome.NEEDS_HELP: lazy_gettext("help is still needed"),
    Outcome.SOMEONE_ELSE: lazy_gettext("somebody else, please"),
    Outcome.WORRIED: lazy_gettext("worried"),
    Outcome.NOT_HELPED: lazy_gettext("the help did not arrive"),
}
# Told by what happened itself.
_TOLD_ELSEWHERE: Final = frozenset(
    {
        *("callback_given_up", "callback_canceled", "note_written", "text_written"),
        *("text_failed", "text_undelivered", "text_looked_up", "request_from_group"),
        *("voicemail_heard", "rang_through", "area_corrected_from"),
    }
)
_BY_SOMEBODY: Final = {
    "request_taken": lazy_gettext("%(by)s has it now."),
    "request_handed": lazy_gettext("%(by)s handed it to %(volunteer)s."),
    "request_let_go": lazy_gettext("%(by)s handed it back: nobody has it."),
    "request_withdrawn": lazy_gettext("%(by)s closed it: it is not needed any more."),
    "request_other_group": lazy_gettext("%(by)s handed it to the group %(detail)s."),
    "area_corrected": lazy_gettext(
        "They live elsewhere after all: it is for the group %(detail)s."
    ),
    "callback_wanted": lazy_gettext("%(by)s decided that they are rung back."),
    "number_shown": lazy_gettext("%(by)s looked at their number."),
    "asked_to_help": lazy_gettext("%(by)s asked %(volunteer)s whether they could help."),
    "offer_asked": lazy_gettext("%(by)s asked somebody who has offered help."),
    "can_help": lazy_gettext("%(volunteer)s can help."),
    "cannot_help": lazy_gettext("%(volunteer)s cannot, this time."),
    "card_changed": lazy_gettext("%(by)s changed the caller's card."),
    "kept_aside_opened": lazy_gettext("%(by)s opened it: their texts had been kept aside."),
    "kept_aside_closed": lazy_gettext("%(by)s has gone through all of it."),
    "member_joined": lazy_gettext("%(by)s made them a volunteer: %(volunteer)s."),
}
_BY_ITSELF: Final = {
    "callback_not_allowed": lazy_gettext(
        "Their number is abroad, or costs extra, and is not rung: the coordinators were told."
    ),
    "callback_late": lazy_gettext("We had not rung them by then: the coordinators were told."),
    "call_missed": lazy_gettext(
        "The line was out of order: the phone network told us of the call afterwards."
    ),
    "voicemail_silent": lazy_gettext("Nobody said a word after the tone."),
    "voicemail_lost": lazy_gettext("The voicemail could not be fetched."),
    "text_not_taken": lazy_gettext("We could not answer their text by ourselves."),
    "recording_not_deleted": lazy_gettext(
        "The phone network still has a copy of the voicemail: please ask whoever runs the line."
    ),
}


@dataclass(frozen=True)
class Choices:
    """What a story needs to know besides: the words of config.yaml, and the caller's name.

    `shows_numbers` leaves the numbers in what people wrote as they are.
    """

    caller: str
    category: Callable[[str], str]
    urgency: Callable[[str], str]
    reason: Callable[[str], str]
    shows_numbers: bool = False


def noted_words(noted: Noted, choices: Choices) -> str | None:
    """The sentence for one line of the log; None where what happened itself tells it."""
    if noted.event in _TOLD_ELSEWHERE:
        return None
    outcome = noted.event.removeprefix("outcome_")
    if outcome != noted.event and outcome in set(Outcome):
        who = noted.volunteer or choices.caller
        return f"{who}: {OUTCOME_WORDS[Outcome(outcome)]}."
    if noted.event in _BY_ITSELF:
        return str(_BY_ITSELF[noted.event])
    names = {"by": noted.by or gettext("Somebody"), "volunteer": noted.volunteer or ""}
    if noted.event in _BY_SOMEBODY:
        return str(_BY_SOMEBODY[noted.event]) % {**names, "detail": noted.detail or ""}
    if noted.event in _DETAILED:
        return _DETAILED[noted.event](noted.detail or "", names, choices)
    # Whatever another page wrote down: a line of the log is never left out of the story.
    words = noted.event.replace("_", " ")
    about = ", ".join(filter(None, (noted.volunteer, noted.by)))
    return f"{words} ({about})" if about else words


def _described(detail: str, names: dict[str, Any], choices: Choices) -> str:
    category, _, urgency = detail.partition(", ")
    said = ", ".join(
        word(key)
        for key, word in ((category, choices.category), (urgency, choices.urgency))
        if key not in ("", "-")
    )
    return str(gettext("%(by)s: it is about %(said)s.", by=names["by"], said=said or "–"))


def _due(detail: str, names: dict[str, Any], _choices: Choices) -> str:
    if not detail:
        return str(gettext("%(by)s: it is due at no set time.", by=names["by"]))
    due = moment(datetime.fromisoformat(detail))
    return str(gettext("%(by)s: it is due by %(due)s.", by=names["by"], due=due))


def _not_met(detail: str, names: dict[str, Any], choices: Choices) -> str:
    return str(
        gettext(
            "%(by)s closed it: it could not be met (%(why)s).",
            by=names["by"],
            why=choices.reason(detail),
        )
    )


_DETAILED: Final[dict[str, Callable[[str, dict[str, Any], Choices], str]]] = {
    "request_described": _described,
    "request_due": _due,
    "request_not_met": _not_met,
}
