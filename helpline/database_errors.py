"""What an error of the database's says, in words without anything private."""

from sqlalchemy.exc import SQLAlchemyError

from helpline.sealing.keyring import WrongKeys


def what_is_wrong(problem: SQLAlchemyError) -> str:
    """What an error says of the database itself, in a few words without anything private."""
    if isinstance(problem, WrongKeys):
        return "is sealed by a key that is not in DATA_KEYS"
    if is_full(problem):
        return "has no room left on its disk"
    said = _said(problem)
    if "readonly" in said or "read-only" in said:
        return "cannot be written to"
    return "is held by another program" if "locked" in said else "does not answer"


def is_full(problem: SQLAlchemyError) -> bool:
    """Whether an error says that the database's disk has no room."""
    said = _said(problem)
    # SQLITE_FULL and SQLITE_IOERR (a quota); PostgreSQL's disk_full.
    return "is full" in said or "disk i/o" in said or "no space left" in said


def _said(problem: SQLAlchemyError) -> str:
    return str(getattr(problem, "orig", None) or "").lower()


def tell_no_row(error: BaseException) -> None:
    """Take out of PostgreSQL's words on an error the row it quotes: "Failing row contains (…)"."""
    said = getattr(getattr(error, "diag", None), "message_primary", None)
    if said:
        error.args = (said,)
