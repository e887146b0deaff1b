"""Turns what people and carriers write into E.164 numbers, and hides them from everybody's eyes."""

from __future__ import annotations

import re
import string
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberType, ValidationResult

HOME_REGION: Final = "GB"

_TEXTABLE: Final = frozenset({PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE})

# What anybody may have at home or in their pocket. Not here: premium and shared cost, and numbers
# that only look free or local (personal, freephone, pagers), which pass a call on at a price.
_ORDINARY: Final = _TEXTABLE | {PhoneNumberType.FIXED_LINE, PhoneNumberType.VOIP}

# Ofcom keeps these for films and tests; the numbering plan has no kind for them.
_FICTION_MOBILE: Final = "+447700900"
_FICTION_LANDLINE: Final = "+441632960"
_FICTION_LENGTH: Final = len("+447700900123")

# What carriers send in place of a number. Twilio sends the word, or, from some carriers, the word
# typed on a telephone's keypad: ANONYMOUS is +266696687.
_WITHHELD_WORDS: Final = ("anonymous", "blocked", "private", "restricted", "unavailable", "unknown")
_KEYPAD: Final = str.maketrans(string.ascii_lowercase, "22233344455566677778889999")
_WITHHELD_KEYED: Final = frozenset(word.translate(_KEYPAD) for word in _WITHHELD_WORDS)


# What nearly every carrier sends, and parsing leaves as it is; a caller waits meanwhile.
_WHOLE_AND_BRITISH: Final = re.compile(r"\+44[1-9][0-9]{9}")


class NotAPhoneNumber(ValueError):
    """The words are no phone number. The message never repeats them: they may be most of one."""

    def __init__(self) -> None:
        super().__init__("not a phone number; write one such as 07700 900123 or +447700900123")


@dataclass(frozen=True, slots=True)
class PhoneNumber:
    """One telephone's number. `e164` is the number itself; printed, it shows the last four only."""

    e164: str

    def __str__(self) -> str:
        return mask(self.e164)

    def __repr__(self) -> str:
        return f"PhoneNumber({mask(self.e164)})"


def parse(raw: str, region: str = HOME_REGION) -> PhoneNumber:
    """Read a number as a person writes it: 07700 900123, +44 (0)7700 900123.

    `region` is the country meant when there is no + at the front. Any number of a possible length
    is taken, known to the numbering plan or not: see `is_assigned`. Raises NotAPhoneNumber.
    """
    if any(character.isalpha() for character in raw):
        raise NotAPhoneNumber
    try:
        number = phonenumbers.parse(raw, region)
    except phonenumbers.NumberParseException:
        raise NotAPhoneNumber from None
    possible = phonenumbers.is_possible_number_with_reason(number)
    if number.extension or possible != ValidationResult.IS_POSSIBLE:
        raise NotAPhoneNumber
    e164 = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    if phonenumbers.parse(e164) != number:
        # Noughts alone lose one of them each time they are read: two callers would become one.
        raise NotAPhoneNumber
    return PhoneNumber(e164)


def caller_id(raw: str | None) -> str | None:
    """The E.164 number of whoever rings or texts, or None when there is none to ring back.

    Withheld numbers come as words (`anonymous`), as those words typed on a keypad (`+266696687`),
    empty, or not at all; `sip:` and `client:` addresses, short codes and names are no numbers.
    """
    if raw is None or _WHOLE_AND_BRITISH.fullmatch(raw):
        return raw
    digits = "".join(filter(str.isdigit, raw))
    if digits.removeprefix("1") in _WITHHELD_KEYED or digits in _WITHHELD_KEYED:
        return None
    try:
        return parse(raw).e164
    except NotAPhoneNumber:
        return None


def is_assigned(number: str) -> bool:
    """Does the numbering plan know this E.164 number, or keep it for fiction?

    False for most slips of the finger (a digit too few, a code that does not exist): worth a
    complaint when a coordinator types a volunteer's number, never a reason to turn a caller away.
    """
    return is_fiction(number) or phonenumbers.is_valid_number(phonenumbers.parse(number))


def is_country(said: str) -> bool:
    """Are these the two letters of a country with telephones, such as GB?"""
    return said in phonenumbers.SUPPORTED_REGIONS


def country_of(number: str) -> str | None:
    """The two letters of the country in which an E.164 number is; None where nobody knows."""
    if is_fiction(number):
        return HOME_REGION
    country: str | None = phonenumbers.region_code_for_number(phonenumbers.parse(number))
    return country


@lru_cache(maxsize=4096)
def is_ordinary(number: str, countries: frozenset[str]) -> bool:
    """Is this E.164 number somebody's telephone in one of these countries, at ordinary cost?

    False for whatever the numbering plan does not know: some of it rings on an island, by the
    minute. What is kept for fiction is British. (40 µs the first time; a caller waits.)
    """
    if is_fiction(number):
        return HOME_REGION in countries
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return False
    is_near = phonenumbers.region_code_for_number(parsed) in countries
    return is_near and phonenumbers.number_type(parsed) in _ORDINARY


def is_mobile(number: str) -> bool:
    """Is this E.164 number a mobile's? Where a country mixes the two (+1), it may be."""
    if is_fiction(number):
        return number.startswith(_FICTION_MOBILE)
    return phonenumbers.number_type(phonenumbers.parse(number)) in _TEXTABLE


def can_be_texted(number: str | None) -> bool:
    """May a text be sent here? Never to a landline, never to a withheld number (None)."""
    return number is not None and is_mobile(number)


def mask(number: str | None) -> str:
    """`…0123`: enough to recognise a number one knows, too little to ring it.

    None, words, and numbers too short to hide anything become `…` alone.
    """
    digits = "".join(character for character in number or "" if character in string.digits)
    return f"…{digits[-4:]}" if len(digits) >= 8 else "…"


def national(number: str) -> str:
    """An E.164 number as its own country writes it, in groups: `01632 960999`."""
    return str(phonenumbers.format_number(phonenumbers.parse(number), PhoneNumberFormat.NATIONAL))


def is_fiction(number: str) -> bool:
    """Is this one that is kept for films and tests, and that nobody has?"""
    prefixes = (_FICTION_MOBILE, _FICTION_LANDLINE)
    return number.startswith(prefixes) and len(number) == _FICTION_LENGTH
