"""How many segments a text is sent in: GSM-7 (160, then 153) or UCS-2 (70, then 67)."""

from __future__ import annotations

import math

# 3GPP TS 23.038, default alphabet; the second set takes an escape, so two characters each.
GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_TWICE = frozenset("^{}\\[~]|€")


def segments(body: str) -> int:
    """The number of segments, at least 1."""
    if all(letter in GSM or letter in GSM_TWICE for letter in body):
        length = sum(2 if letter in GSM_TWICE else 1 for letter in body)
        return 1 if length <= 160 else math.ceil(length / 153)
    length = len(body.encode("utf-16-le")) // 2
    return 1 if length <= 70 else math.ceil(length / 67)
