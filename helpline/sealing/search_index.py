"""Keeps what words may be searched for by, without the words: keyed hashes of them and their
beginnings.

Of each word the first three, four and six letters are hashed, and shorter words whole, so that
"shop" leads to "shopping". A stolen table says which requests share a word, and not which word.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable
from typing import Final

from sqlalchemy import Executable, delete, or_, select
from sqlalchemy.orm import Session

from helpline.database import execute
from helpline.models import Direction, Note, SearchWord, Text
from helpline.sealing import keyring
from helpline.upsert import insert_missing

# A text that somebody wrote on the pages, see config.yaml; the others say what we always say.
BY_HAND: Final = "by_hand"
SAID: Final = or_(Text.direction == Direction.INCOMING, Text.prompt == BY_HAND)
_BEGINNINGS: Final = (6, 4, 3)
_SHORTEST: Final = 2
_WORD: Final = re.compile(r"[^\W_]+")
# Letters that Unicode does not take for a plain one with a mark.
_PLAIN: Final = str.maketrans({"ł": "l", "đ": "d", "ø": "o", "ı": "i"})


def folded(words: str) -> str:
    """Words without capitals and accents, and with single spaces: "Łódź" is "lodz"."""
    plain = " ".join(words.split()).casefold()
    if plain.isascii():
        # Most of what is said; the rest takes ten times as long.
        return plain
    apart = unicodedata.normalize("NFKD", plain)
    return "".join(each for each in apart if not unicodedata.combining(each)).translate(_PLAIN)


def keys_of(words: str) -> set[str]:
    """What words are found by: short ones whole, of others the beginnings."""
    return {key for word in _WORD.findall(folded(words)) for key in _keys(word)}


def keys_to_find(words: str) -> set[str]:
    """What leads to these words: of each, the longest of `keys_of`; none of single letters."""
    return {keys[0] for word in _WORD.findall(folded(words)) if (keys := _keys(word))}


def _keys(word: str) -> list[str]:
    if len(word) == _SHORTEST:
        return [word]
    return [word[:length] for length in _BEGINNINGS if len(word) >= length]


def hashes(session: Session, keys: Iterable[str]) -> list[int]:
    """What stands in the table for these keys."""
    finding = keyring.of(session.get_bind().dialect).finding
    return sorted(finding.word_hash(key) for key in keys)


def add(session: Session, request_id: int, words: str) -> bool:
    """From now on these words lead to this request; whether any of them can."""
    rows = [{"request_id": request_id, "word": each} for each in hashes(session, keys_of(words))]
    insert_missing(session, SearchWord, rows)
    return bool(rows)


def rebuild(session: Session, ids: Collection[int | None]) -> int:
    """Only what is still there leads to these requests; to how many of them anything does."""
    execute(session, delete(SearchWord).where(SearchWord.request_id.in_(ids)))
    found = said(session, ids)
    return sum(add(session, request_id, "\n".join(words)) for request_id, words in found.items())


def said(session: Session, ids: Collection[int | None]) -> dict[int, list[str]]:
    """What was texted and noted about each of these requests."""
    found: dict[int, list[str]] = {}
    asked: tuple[Executable, ...] = (
        select(Text.request_id, Text.body).where(Text.request_id.in_(ids), SAID),
        select(Note.request_id, Note.words).where(Note.request_id.in_(ids)),
    )
    for each in asked:
        for request_id, words in session.execute(each):
            found.setdefault(request_id, []).append(words)
    return found
