"""Looks for words in what was texted and noted about requests: never for a caller's number.

The words are sealed. The index of hashes says which requests may hold them (`search_index`); those
are opened, the newest first, and read.
"""

from collections.abc import Collection, Iterator, Sequence
from itertools import islice
from typing import Final

from sqlalchemy import ColumnElement, Row, and_, or_, select
from sqlalchemy.orm import Session

from helpline.models import Request, SearchWord
from helpline.sealing import search_index

# A search among 20,000 requests is for a word, not for a letter.
SHORTEST: Final = 2
LONGEST: Final = 80
# Of what was found, the newest: nobody turns more pages than that.
MOST_FOUND: Final = 500
# So many are opened at most, the newest first: after the first few it is mostly enough.
_READ: Final = (slice(0, 250), slice(250, 750), slice(750, 1_500))
# More words than these narrow nothing down.
_MOST_KEYS: Final = 4


def searched(words: str) -> str:
    """The words to look for; none where a single letter would find nearly everything."""
    # PostgreSQL keeps no NUL, so nobody has said one.
    plain = " ".join(words.replace("\0", " ").split())[:LONGEST]
    return plain if len(plain) >= SHORTEST else ""


def newest(session: Session, words: str, conditions: Collection[ColumnElement[bool]]) -> list[int]:
    """The newest of those under these conditions about which somebody said the words (ids).

    A word is found by its beginning; several are found where they stand together.
    """
    may_hold = _may_hold(session, words)
    if may_hold is None:
        return []
    candidates = session.execute(
        select(Request.id, Request.code)
        .where(*conditions, may_hold)
        .order_by(Request.opened_at.desc(), Request.id.desc())
        .limit(_READ[-1].stop)
    ).all()
    return list(islice(_that_hold(session, words, candidates), MOST_FOUND))


def _may_hold(session: Session, words: str) -> ColumnElement[bool] | None:
    """By the index: each of the words leads to the request; or they are its code."""
    keys = sorted(search_index.keys_to_find(words), key=len, reverse=True)[:_MOST_KEYS]
    all_of_them = [
        Request.id.in_(select(SearchWord.request_id).where(SearchWord.word == each))
        for each in search_index.hashes(session, keys)
    ]
    if not all_of_them:
        return None
    by_words = and_(*all_of_them)
    return or_(by_words, Request.code == words) if _is_code(words) else by_words


def _that_hold(session: Session, words: str, candidates: Sequence[Row[int, str]]) -> Iterator[int]:
    """Those that hold the words indeed, in their order."""
    wanted = search_index.folded(words)
    for some in (candidates[some] for some in _READ if some.start < len(candidates)):
        said = search_index.said(session, [request_id for request_id, _ in some])
        for request_id, code in some:
            holds = any(wanted in search_index.folded(each) for each in said.get(request_id, ()))
            if holds or code == words:
                yield request_id


def _is_code(words: str) -> bool:
    return len(words) == 4 and words.isascii() and words.isdigit()
