"""Finds who signs in by a name or a number; of too many of one name, nobody."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from helpline import phone_numbers
from helpline.models import Membership, Volunteer
from helpline.names import by_name, same
from helpline.phone_numbers import NotAPhoneNumber

# Where more people than these have a name, they sign in by their number: one guess must not be good
# for a hundred codes, nor one question send a hundred texts.
MOST_NAMESAKES: Final = 3
_ON_RECORD = (
    Volunteer.disabled_at.is_(None),
    exists().where(Membership.volunteer_id == Volunteer.id),
)


def may_sign_in(session: Session, volunteer_id: int) -> bool:
    """Whether this person is on record, and belongs to a group."""
    asked = select(Volunteer.id).where(Volunteer.id == volunteer_id, *_ON_RECORD)
    return session.scalar(asked) is not None


def few(session: Session, said: str) -> Sequence[Volunteer]:
    """Those who sign in by this name or number; none where it is the name of too many."""
    found = people(session, said)
    return found if len(found) <= MOST_NAMESAKES else ()


def people(session: Session, said: str) -> Sequence[Volunteer]:
    """Those of this name, in any case of letters, or with this number."""
    name = " ".join(said.split())
    try:
        number = phone_numbers.parse(name).e164
    except NotAPhoneNumber:
        number = None
    everybody = session.execute(select(Volunteer.id, Volunteer.name).where(*_ON_RECORD))
    named = [volunteer_id for volunteer_id, each in everybody if same(each) == same(name)]
    return session.scalars(
        select(Volunteer)
        .where(or_(Volunteer.id.in_(named), Volunteer.number == number), *_ON_RECORD)
        .order_by(Volunteer.id)
    ).all()


def coordinators(session: Session) -> Sequence[str]:
    """The names of everybody who runs a group."""
    rows = session.execute(
        select(Volunteer.id, Volunteer.name).where(
            Volunteer.disabled_at.is_(None),
            exists().where(
                Membership.volunteer_id == Volunteer.id, Membership.coordinator.is_(True)
            ),
        )
    )
    return [name for _, name in by_name(rows)]
