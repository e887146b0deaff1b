"""Looks for words in what was texted and noted about requests: never for a caller's number."""

from collections.abc import Callable, Collection
from string import ascii_lowercase, ascii_uppercase
from typing import Any, Final

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import Session

from helpline.models import Direction, Note, Request, Text

# A text that somebody wrote on the pages, see config.yaml; the others say what we always say.
BY_HAND: Final = "by_hand"
# A search among 20,000 requests is for a word, not for a letter.
SHORTEST: Final = 2
LONGEST: Final = 80
# Of what was found, the newest: nobody turns more pages than that.
MOST_FOUND: Final = 500

_SMALL: Final = str.maketrans(ascii_uppercase, ascii_lowercase)


def searched(words: str) -> str:
    """The words to look for; none where a single letter would find nearly everything."""
    # PostgreSQL keeps no NUL, so nobody has said one.
    plain = " ".join(words.replace("\0", " ").split())[:LONGEST]
    return plain if len(plain) >= SHORTEST else ""


def newest(session: Session, words: str, conditions: Collection[ColumnElement[bool]]) -> list[int]:
    """The newest of those under these conditions about which somebody said the words (ids).

    Looked for once a page, as every text has to be read for it.
    """
    return list(
        session.scalars(
            select(Request.id)
            .where(*conditions, _says(session, words))
            .order_by(Request.opened_at.desc(), Request.id.desc())
            .limit(MOST_FOUND)
        )
    )


def _says(session: Session, words: str) -> ColumnElement[bool]:
    """Somebody texted these words, or noted them; or they are the request's code."""
    holds = _in_any_case(words, knows_case=session.get_bind().dialect.name != "sqlite")
    texted = exists().where(
        Text.request_id == Request.id,
        or_(Text.direction == Direction.INCOMING, Text.prompt == BY_HAND),
        holds(Text.body),
    )
    noted = exists().where(Note.request_id == Request.id, holds(Note.words))
    said = or_(texted, noted)
    return or_(said, Request.code == words) if len(words) == 4 and words.isdigit() else said


def _in_any_case(words: str, *, knows_case: bool) -> Callable[[Any], ColumnElement[bool]]:
    """Whether a column has these words in it, whatever their case.

    SQLite's LIKE knows the case of a to z alone (`knows_case` False): other letters are tried in
    each.
    """
    if knows_case:
        return lambda column: func.lower(column).contains(words.lower(), autoescape=True)
    tried = (words, words.lower(), words.upper(), words.title())
    spellings = sorted({each.translate(_SMALL) for each in tried})
    return lambda column: or_(*(column.contains(each, autoescape=True) for each in spellings))
