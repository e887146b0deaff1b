"""Converts the words of a file for `helpline load` into values; each error says what to write."""

import re
from zoneinfo import ZoneInfo

from helpline import phone_numbers
from helpline.config.decided import RingOrder
from helpline.config.values import one_of, some_words
from helpline.when.day_words import parse_recurrence
from helpline.when.recurrence import Recurrence

LONGEST_NAME = 80
_OUTWARD = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]?", re.ASCII)


def name(said: str) -> str:
    """A name, with single spaces."""
    words = some_words(said)
    if len(words) > LONGEST_NAME:
        raise ValueError(f"it is too long; write at most {LONGEST_NAME} letters")
    return words


def number(said: str) -> str:
    """A telephone's number, in E.164."""
    e164 = phone_numbers.parse(said).e164
    if not phone_numbers.is_assigned(e164):
        raise ValueError("not a phone number that is in use anywhere; look for a slip of the pen")
    return e164


def timezone(said: str) -> str:
    """The name of a time zone."""
    try:
        return ZoneInfo(said).key
    except (KeyError, OSError, ValueError):
        raise ValueError("write a time zone such as Europe/London") from None


def postcode(said: str) -> str:
    """The first half of a postcode, in capitals."""
    code = said.upper()
    if _OUTWARD.fullmatch(code):
        return code
    raise ValueError("write the first half of a postcode, such as HX7")


def ring_order(said: str) -> RingOrder:
    """How the volunteers on shift are rung."""
    return RingOrder(one_of(*RingOrder)(said))


def yes_or_no(said: str) -> bool:
    """true or false, as YAML writes it, or yes or no."""
    answers = {"true": True, "yes": True, "false": False, "no": False}
    if said.lower() in answers:
        return answers[said.lower()]
    raise ValueError("write true or false")


def language(said: str) -> str:
    """A language's short name."""
    if re.fullmatch(r"[a-z]{2,3}", said):
        return said
    raise ValueError("write the short name of a language, such as en or pl")


def days(said: str) -> Recurrence:
    """The days of a rota's row."""
    return parse_recurrence(said)
