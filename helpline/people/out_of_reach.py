"""Finds volunteers whose telephones are never rung: their numbers are abroad, or cost extra."""

from collections import Counter
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline.config.limits import Reach
from helpline.models import Volunteer
from helpline.phone_numbers import country_of


def volunteers(session: Session, reach: Reach) -> Sequence[Volunteer]:
    """Everybody who is not disabled and has such a number, in the order in which they joined."""
    known = session.scalars(
        select(Volunteer).where(Volunteer.disabled_at.is_(None)).order_by(Volunteer.id)
    )
    return [each for each in known if not reach.allows(each.number)]


def by_country(session: Session, reach: Reach) -> dict[str, int]:
    """How many such volunteers each country has that is not allowed; "" for all that cost extra."""
    countries = (country_of(each.number) or "" for each in volunteers(session, reach))
    found = Counter("" if country in reach.countries else country for country in countries)
    return dict(sorted(found.items()))
