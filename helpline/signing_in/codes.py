"""Signing in: one-time codes, sent to a person's own telephone, and one-time links.

No secret is kept: a code is worked out from its row and the house's key when it is sent and when it
is checked. Whoever steals the tables learns none.
"""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import and_, func, or_, select, update
from sqlalchemy.orm import Session

from helpline import audit, outbox, phone_numbers, texts, volunteers
from helpline.models import CodeBy, Purpose, SignInCode, Volunteer
from helpline.rules import Rules
from helpline.signing_in import by_name
from helpline.texting import stand_ins
from helpline.texting.sending import Sending
from helpline.texts import About, To
from helpline.volunteers import first_language

SPEAK: Final = "queue_workers.jobs.speak_code"
CODE_LASTS: Final = timedelta(minutes=10)
LINK_LASTS: Final = timedelta(hours=12)
MOST_TRIES: Final = 5
# A person can ask for so many codes within an hour, whoever asks in their name.
CODES_AN_HOUR: Final = 5
# After as many within a day, each waits longer than the last. Nobody is locked out for a day; who
# guesses at all of them all year long has 1 chance in 27.
_FIRST_PAUSE: Final = timedelta(minutes=5)
_LONGEST_PAUSE: Final = timedelta(hours=2)


class UnknownPerson(LookupError):
    """Nobody of that name is on record; `known` are the coordinators there are."""

    def __init__(self, known: Sequence[str]) -> None:
        super().__init__("nobody of that name is on record")
        self.known = known


@dataclass(frozen=True)
class Secrets:
    """Works out codes and the tokens of links; `key` is the house's secret key."""

    key: str = field(repr=False)

    def code(self, row: SignInCode) -> str:
        """The six digits that this row stands for."""
        return f"{int.from_bytes(self._mac('code', row)[:8]) % 1_000_000:06}"

    def token(self, row: SignInCode) -> str:
        """What the one-time link of this row ends with."""
        return f"{row.id}-{self._mac('link', row)[:16].hex()}"

    def _mac(self, what: str, row: SignInCode) -> bytes:
        said = f"sign-in {what} {row.id} {row.volunteer_id} {row.made_at.isoformat()}"
        return hmac.digest(self.key.encode(), said.encode(), hashlib.sha256)


def ask(
    session: Session, rules: Rules, said: str, at: datetime, known_id: int | None = None
) -> None:
    """Send everybody of this name, or with this number, a code; nothing tells whether there is one.

    More than CODES_AN_HOUR to one person are not sent, nor one before the pause after the last is
    over, nor any to more than MOST_NAMESAKES. `known_id` is whose browser asks, as far as it was
    theirs before: whatever others ask for in their name, they get a code.
    """
    is_sent = False
    for person in by_name.few(session, said):
        made_at = session.scalars(
            select(SignInCode.made_at).where(
                SignInCode.volunteer_id == person.id,
                SignInCode.made_at > at - timedelta(days=1),
                SignInCode.sent_by != CodeBy.LINK,
            )
        ).all()
        if person.id == known_id or _may_have_another(made_at, at):
            _send_code(session, rules, person, at)
            is_sent = True
    if not is_sent:
        _wait_as_long(session)


def ask_again(session: Session, rules: Rules, volunteer_id: int, at: datetime) -> None:
    """Send somebody who is signed in a code, before something that matters."""
    _send_code(session, rules, session.get_one(Volunteer, volunteer_id), at)


def _may_have_another(made_at: Sequence[datetime], at: datetime) -> bool:
    """Whether somebody may be sent one more code, after those that were made within a day."""
    if sum(each > at - timedelta(hours=1) for each in made_at) >= CODES_AN_HOUR:
        return False
    beyond = len(made_at) - CODES_AN_HOUR
    if beyond < 0:
        return True
    # Doubled no further than it takes to reach the longest.
    pause = min(_FIRST_PAUSE * (1 << min(beyond, 10)), _LONGEST_PAUSE)
    return at - max(made_at) >= pause


def _send_code(session: Session, rules: Rules, person: Volunteer, at: datetime) -> None:
    by = CodeBy.TEXT if phone_numbers.can_be_texted(person.number) else CodeBy.CALL
    row = _write_down(session, person.id, by, at, CODE_LASTS)
    audit.write(session, "code_sent", at, volunteer_id=person.id, detail=by)
    groups = volunteers.groups_of(session, person.id)
    if by is CodeBy.CALL:
        outbox.promise(session, SPEAK, row.id)
    elif groups:
        texts.promise(
            session,
            rules.words,
            Purpose.REPLY,
            "sign_in_code",
            To(groups[0][1], person.number, first_language(person.languages)),
            at,
            about=About(volunteer_id=person.id),
            once=f"sign_in:{row.id}",
            sign_in_code=stand_ins.CODE,
        )


def _write_down(
    session: Session, volunteer_id: int, by: CodeBy, at: datetime, lasts: timedelta
) -> SignInCode:
    row = SignInCode(
        volunteer_id=volunteer_id, sent_by=by, made_at=at, expires_at=at + lasts, tries=0
    )
    session.add(row)
    session.flush()
    return row


def filled_in(session: Session, secrets: Secrets, sending: Sending) -> Sending:
    """A text about to go out, with its code where one stands in it."""
    kind, _, row_id = (sending.once or "").partition(":")
    if kind != "sign_in":
        return sending
    row = session.get_one(SignInCode, int(row_id))
    return replace(sending, body=sending.body.replace(stand_ins.CODE, secrets.code(row)))


def check(
    session: Session,
    secrets: Secrets,
    said: str,
    code: str,
    at: datetime,
    known_id: int | None = None,
) -> int | None:
    """The id of whoever this name and code belong to, once; None for every mistake alike.

    Every try counts against every code that is still open for that name. In a browser that was
    theirs before (`known_id`), they have tries of their own, whatever others have tried.
    """
    people = [person.id for person in by_name.few(session, said)]
    return _check(session, secrets, people, code, at, known_id)


def check_again(
    session: Session, secrets: Secrets, volunteer_id: int, code: str, at: datetime
) -> bool:
    """Whether this is a code of somebody who is signed in; it is used up by that."""
    return _check(session, secrets, [volunteer_id], code, at, volunteer_id) is not None


def _check(
    session: Session,
    secrets: Secrets,
    people: Sequence[int],
    code: str,
    at: datetime,
    known_id: int | None,
) -> int | None:
    rows = session.scalars(
        select(SignInCode)
        .where(
            SignInCode.volunteer_id.in_(people),
            SignInCode.sent_by != CodeBy.LINK,
            SignInCode.used_at.is_(None),
            SignInCode.expires_at > at,
            or_(
                SignInCode.tries < MOST_TRIES,
                and_(SignInCode.volunteer_id == known_id, SignInCode.tries < 2 * MOST_TRIES),
            ),
        )
        .with_for_update()
    ).all()
    typed = "".join(each for each in code if each.isdecimal() and each.isascii())
    right = [row for row in rows if hmac.compare_digest(secrets.code(row), typed)]
    for row in rows:
        row.tries += 1
    if not rows:
        _wait_as_long(session)
    if not right:
        for volunteer_id in dict.fromkeys(row.volunteer_id for row in rows):
            audit.write(session, "code_wrong", at, volunteer_id=volunteer_id)
        return None
    # The newest, in case two of the same name were given the same six digits.
    used = max(right, key=lambda row: row.id)
    used.used_at = at
    return used.volunteer_id


def _wait_as_long(session: Session) -> None:
    """Write nothing new, which takes the disk as long: nobody learns who is sent or has a code."""
    newest = select(func.max(SignInCode.id)).scalar_subquery()
    session.execute(
        update(SignInCode).where(SignInCode.id == newest).values(tries=SignInCode.tries)
    )


def cancel_codes(session: Session, volunteer_id: int, at: datetime) -> None:
    """No code and no link that this person was sent is good any more."""
    session.execute(
        update(SignInCode)
        .where(
            SignInCode.volunteer_id == volunteer_id,
            SignInCode.used_at.is_(None),
            SignInCode.expires_at > at,
        )
        .values(expires_at=at)
    )


def make_link(session: Session, secrets: Secrets, name: str, at: datetime) -> str:
    """The token of a one-time link for the person of this name. Raises UnknownPerson.

    Of several of one name it is the first on record.
    """
    people = by_name.people(session, name)
    if not people:
        raise UnknownPerson(by_name.coordinators(session))
    row = _write_down(session, people[0].id, CodeBy.LINK, at, LINK_LASTS)
    audit.write(session, "link_made", at, volunteer_id=people[0].id)
    return secrets.token(row)


def link_is_good(session: Session, secrets: Secrets, token: str, at: datetime) -> bool:
    """Whether this link could still be used; looking does not use it up."""
    return _linked(session, secrets, token, at) is not None


def use_link(session: Session, secrets: Secrets, token: str, at: datetime) -> int | None:
    """The id of whoever this link is for, once; None where it is wrong, old or used."""
    row = _linked(session, secrets, token, at)
    if row is None:
        return None
    used = session.execute(
        update(SignInCode)
        .where(SignInCode.id == row.id, SignInCode.used_at.is_(None))
        .values(used_at=at)
        .returning(SignInCode.id)
    )
    return row.volunteer_id if used.scalar() is not None else None


def _linked(session: Session, secrets: Secrets, token: str, at: datetime) -> SignInCode | None:
    number = token.partition("-")[0]
    if not (number.isascii() and number.isdecimal() and len(number) < 10):
        return None
    row = session.get(SignInCode, int(number))
    if row is None or row.sent_by is not CodeBy.LINK:
        return None
    if not hmac.compare_digest(secrets.token(row).encode(), token.encode()):
        return None
    is_open = (
        row.used_at is None
        and row.expires_at > at
        and by_name.may_sign_in(session, row.volunteer_id)
    )
    return row if is_open else None
