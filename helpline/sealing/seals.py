"""Seals names, numbers, words and sound, so that a stolen database gives nothing without the key.

Two kinds of key. The **data keys** stand in the environment (`DATA_KEYS`): the first seals words
and sound, by AES-GCM with a random nonce, and every one of them opens what it sealed. The **finding
key** is made up once for a database and kept in it, sealed by the first data key: it seals numbers
by AES-SIV, so that the same number is always the same row, and hashes what is only looked for.
A data key can be changed while people ring; a number's row stays where it is.

What is sealed is text, `~` and the key's short name and `~` before it, or bytes that begin so. The
name of the column is sealed in with it: what somebody moves to another column does not open there.
"""

import hmac
import os
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Final, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, AESSIV

MARK: Final = "~"
KEY_BYTES: Final = 32
_NAME: Final = 4
# What stands before the sealed part: ~name~
BEGINNING: Final = _NAME + 2
_NONCE: Final = 12
# Of a sealed number: as many characters as hold the keyed hash alone (126 bits of AES-SIV's own),
# and nothing of the number itself. No number in plain is as long.
HASHED: Final = BEGINNING + 21
_NUMBER: Final = b"number"
# A mark, a key's name, a mark; and at least as much as seals a single letter.
_SEALED: Final = re.compile(r"~[\w-]{4}~[\w-]{23,}=*", re.ASCII)


class Unsealable(Exception):
    """Something sealed cannot be opened: its key is not here, or it was changed or moved."""


class DataKeys:
    """The keys of the environment: the first seals, every one opens what it sealed.

    `random` gives so many random bytes.
    """

    def __init__(self, keys: Sequence[bytes], random: Callable[[int], bytes] = os.urandom) -> None:
        """Raises ValueError where there is none, or one is not of 32 bytes."""
        if not keys or any(len(key) != KEY_BYTES for key in keys):
            raise ValueError(f"a data key is {KEY_BYTES} bytes, and there is one at least")
        named = [(_named(key), AESGCM(_derived(key, "data"))) for key in keys]
        self._random = random
        self._first = named[0][1]
        self._by_name = dict(reversed(named))
        # What everything begins with that is sealed by the first key.
        self.beginning: Final = MARK + named[0][0] + MARK

    @classmethod
    def from_words(cls, said: str) -> Self:
        """Keys of 64 hexadecimal digits each, with commas between. Raises ValueError."""
        return cls([bytes.fromhex(each.strip()) for each in said.split(",")])

    def __repr__(self) -> str:
        return f"DataKeys({len(self._by_name)})"

    def seal(self, words: str, column: str) -> str:
        """Words, sealed for one column ("notes.words"); nothing at all stays nothing."""
        if not words:
            return words
        nonce = self._random(_NONCE)
        sealed = nonce + self._first.encrypt(nonce, words.encode(), column.encode())
        return self.beginning + urlsafe_b64encode(sealed).decode()

    def open(self, sealed: str, column: str) -> str:
        """What was sealed for this column; what has no mark, from before, as it is.

        Raises Unsealable.
        """
        if not is_sealed(sealed):
            return sealed
        return self._opened(sealed[1 : BEGINNING - 1], _packed(sealed), column).decode()

    def seal_bytes(self, sound: bytes, column: str) -> bytes:
        """Bytes, sealed for one column; as `seal`."""
        nonce = self._random(_NONCE)
        sealed = self._first.encrypt(nonce, sound, column.encode())
        return self.beginning.encode() + nonce + sealed

    def open_bytes(self, sealed: bytes, column: str) -> bytes:
        """What `seal_bytes` has sealed; as `open`. Raises Unsealable."""
        begins = sealed[:BEGINNING].decode("ascii", "replace")
        if not (begins.startswith(MARK) and begins.endswith(MARK)):
            return sealed
        return self._opened(begins[1:-1], sealed[BEGINNING:], column)

    def _opened(self, name: str, packed: bytes, column: str) -> bytes:
        cipher = self._by_name.get(name)
        if cipher is None:
            raise Unsealable("it was sealed by a key that is not in DATA_KEYS")
        try:
            return cipher.decrypt(packed[:_NONCE], packed[_NONCE:], column.encode())
        # A ValueError: too little is left of it.
        except (InvalidTag, ValueError):
            raise Unsealable("it was changed, or moved to another column") from None


class FindingKey:
    """Seals numbers so that they are found again, and hashes what is only looked for."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESSIV(_derived(key, "number 1") + _derived(key, "number 2"))
        self._word_key = _derived(key, "word")
        # The same volunteers' are opened for every call, and a caller waits for each.
        self._opened = lru_cache(maxsize=512)(self._open)
        self.beginning: Final = MARK + _named(key) + MARK

    def seal(self, number: str) -> str:
        """A number, always sealed the same, in whichever table it stands."""
        if not number:
            return number
        packed = self._cipher.encrypt(number.encode(), [_NUMBER])
        return self.beginning + urlsafe_b64encode(packed).decode()

    def open(self, sealed: str) -> str:
        """The number; one from before, without a mark, as it is. Raises Unsealable."""
        return self._opened(sealed)

    def _open(self, sealed: str) -> str:
        if not is_sealed(sealed):
            return sealed
        if not sealed.startswith(self.beginning):
            raise Unsealable("this number was sealed by another finding key")
        try:
            return self._cipher.decrypt(_packed(sealed), [_NUMBER]).decode()
        except (InvalidTag, ValueError):
            raise Unsealable("this number was changed") from None

    def hashed(self, number: str) -> str:
        """The beginning of the sealed number, by which it is known again and never read."""
        return self.seal(number)[:HASHED]

    def word_hash(self, word: str) -> int:
        """A word's keyed hash, of 64 bits with a sign."""
        digest = hmac.digest(self._word_key, word.encode(), "sha256")
        return int.from_bytes(digest[:8], signed=True)


def is_sealed(said: str) -> bool:
    """Whether this is the work of a key, and not somebody's words: "~nice~ thank you"."""
    return said[:1] == MARK and _SEALED.fullmatch(said) is not None


def _packed(sealed: str) -> bytes:
    try:
        return urlsafe_b64decode(sealed[BEGINNING:])
    except ValueError:
        raise Unsealable("a part of it is missing") from None


def _derived(key: bytes, purpose: str) -> bytes:
    """A key of its own for one purpose: what is learnt of one tells nothing of another."""
    return hmac.digest(key, b"helpline " + purpose.encode(), "sha256")


def _named(key: bytes) -> str:
    """A key's short name, which tells nothing of it."""
    return urlsafe_b64encode(_derived(key, "name")).decode()[:_NAME]
