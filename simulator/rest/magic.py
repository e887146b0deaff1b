"""Twilio's magic numbers, so that its own examples behave as they do with test credentials.

Source: Twilio's docs, "Test credentials". They are refused whatever the account owns.
"""

from __future__ import annotations

from simulator.rest.errors import refuse

_TEXT_FROM = {"+15005550001": 21212, "+15005550007": 21606, "+15005550008": 21611}
_TEXT_TO = {
    "+15005550001": 21211,
    "+15005550002": 21612,
    "+15005550003": 21408,
    "+15005550004": 21610,
    "+15005550009": 21614,
}
_CALL_FROM = {"+15005550001": 21212}
_CALL_TO = {
    "+15005550001": 21217,
    "+15005550002": 21214,
    "+15005550003": 21215,
    "+15005550004": 21216,
}
_BUY = {"+15005550000": 21422, "+15005550001": 21421}

ALWAYS_FINE = "+15005550006"

MESSAGES = {
    21210: "The source phone number provided, {number}, is not yet verified for your account.",
    21211: "Invalid 'To' Phone Number: {number}",
    21212: "Invalid From Number (caller ID): {number}",
    21214: "The phone number you are attempting to call, {number}, cannot be reached.",
    21215: "Account not authorized to call {number}.",
    21216: "Account not allowed to call {number}.",
    21217: "Phone number {number} does not appear to be valid.",
    21408: "Permission to send an SMS has not been enabled for the region of {number}.",
    21421: "{number} is not a valid phone number.",
    21422: "{number} is not available.",
    21606: "The 'From' phone number {number} is not a valid, SMS-capable number of this account.",
    21610: "Attempt to send to unsubscribed recipient {number}",
    21611: "The source number {number} has exceeded its maximum number of queued messages.",
    21612: "The 'To' phone number {number} is not currently reachable from this 'From' number.",
    21614: "'To' number {number} is not a valid mobile number",
}


def refuse_number(code: int, number: str) -> None:
    """Refuse with the code's message."""
    refuse(code, MESSAGES[code].format(number=number))


def text_numbers(from_number: str, to_number: str) -> None:
    """Refuse a text between magic numbers that always fail."""
    _check(_TEXT_FROM, from_number)
    _check(_TEXT_TO, to_number)


def call_numbers(from_number: str, to_number: str) -> None:
    """Refuse a call between magic numbers that always fail."""
    _check(_CALL_FROM, from_number)
    _check(_CALL_TO, to_number)


def buying(number: str) -> None:
    """Refuse to sell the magic numbers that cannot be had."""
    _check(_BUY, number)


def _check(table: dict[str, int], number: str) -> None:
    if number in table:
        refuse_number(table[number], number)
