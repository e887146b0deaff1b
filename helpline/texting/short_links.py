"""Short secrets at the end of links in texts: worked out from a row's id and the house's key.

They are letters and digits alone, so that a telephone takes all of it for a link, and short, since
a text is paid for by its length.
"""

import hashlib
import hmac
import string
from typing import Final

from helpline.signing_in.codes import Secrets

_LETTERS: Final = string.digits + string.ascii_letters
# 80 bits, in 14 of the 62 letters.
_MAC_BYTES: Final = 10
_MAC_LETTERS: Final = 14
_MOST_LETTERS: Final = _MAC_LETTERS + 8


def token(secrets: Secrets, what: str, row_id: int) -> str:
    """The secret of this row; `what` keeps the tokens of one kind of link from opening another."""
    said = f"{what} link {row_id}".encode()
    mac = hmac.digest(secrets.key.encode(), said, hashlib.sha256)[:_MAC_BYTES]
    letters = _in_letters(int.from_bytes(mac)).rjust(_MAC_LETTERS, _LETTERS[0])
    return _in_letters(row_id) + letters


def row_of(secrets: Secrets, what: str, said: str) -> int | None:
    """The id of the row whose secret this is; None where it is nobody's."""
    if not (said.isascii() and said.isalnum() and _MAC_LETTERS < len(said) <= _MOST_LETTERS):
        return None
    row_id = 0
    for letter in said[:-_MAC_LETTERS]:
        row_id = row_id * len(_LETTERS) + _LETTERS.index(letter)
    is_ours = hmac.compare_digest(token(secrets, what, row_id), said)
    # PostgreSQL's integers end there.
    return row_id if is_ours and row_id < 2**31 else None


def _in_letters(number: int) -> str:
    letters = ""
    while number:
        number, rest = divmod(number, len(_LETTERS))
        letters = _LETTERS[rest] + letters
    return letters or _LETTERS[0]
