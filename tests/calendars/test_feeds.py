"""A calendar holds the shifts that the phone will ring for, and opens for nobody else."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from helpline.models import (
    AuditLine,
    ChangeKind,
    Group,
    Membership,
    OptOut,
    Pattern,
    RotaChange,
    Volunteer,
)
from helpline.rota_views import calendars
from helpline.rota_views.calendars import Feed, NoSuchCalendar
from tests import prepared
from tests.loading.valley import TUESDAY, Valley

SECRET = "known to this test alone, and long"
LONDON = ZoneInfo("Europe/London")


def named(session: Session, name: str) -> Volunteer:
    [found] = prepared.named(session, name)
    return found


def group(session: Session, name: str = "Hebden Bridge") -> Group:
    return session.scalars(select(Group).where(Group.name == name)).one()


def token_of(valley: Valley, name: str, of_group: str | None = None) -> str:
    with valley.database.reading() as session:
        if of_group:
            return calendars.group_token(SECRET, group(session, of_group), named(session, name))
        return calendars.person_token(SECRET, named(session, name))


def opened(valley: Valley, token: str, at: datetime = TUESDAY, secret: str = SECRET) -> Feed:
    of = calendars.group_feed if token.count("-", 0, -43) == 2 else calendars.person_feed
    with valley.database.reading() as session:
        return of(session, secret, token, at)


def said(feed: Feed, *days: str) -> list[str]:
    """The shifts that begin on these days of 2026, by London's clock: "03-29 22:00-02:00 Ada"."""
    return [
        f"{shift.starts.astimezone(LONDON):%m-%d %H:%M}-{shift.ends.astimezone(LONDON):%H:%M} "
        f"{', '.join(shift.people) or 'nobody'}"
        for shift in feed.shifts
        if f"{shift.starts.astimezone(LONDON):%Y-%m-%d}" in [f"2026-{day}" for day in days]
    ]


# What they hold


def test_somebody_sees_their_own_shifts_and_who_else_is_on(valley: Valley) -> None:
    feed = opened(valley, token_of(valley, "Ada"))
    assert feed.person == "Ada"
    assert said(feed, "03-03", "03-07", "04-06") == [
        "03-03 08:00-13:00 Bob",
        "04-06 08:00-13:00 Bob",
        "04-06 18:00-20:00 nobody",
    ]


def test_a_group_shows_everybodys_shifts(valley: Valley) -> None:
    feed = opened(valley, token_of(valley, "Bob", of_group="Hebden Bridge"))
    assert feed.group == "Hebden Bridge"
    assert said(feed, "03-07", "04-06") == [
        "03-07 22:00-02:00 Bob",
        "04-06 08:00-13:00 Ada, Bob",
        "04-06 18:00-20:00 Ada",
    ]


def test_shifts_of_all_groups_are_in_one_calendar(valley: Valley) -> None:
    with valley.database.unit_of_work() as session:
        todmorden = group(session, "Todmorden")
        session.add(Membership(group_id=todmorden.id, volunteer_id=named(session, "Ada").id))
        change = RotaChange(
            group_id=todmorden.id,
            kind=ChangeKind.ADD,
            on_date=date(2026, 3, 4),
            starts_at=time(20),
            ends_at=time(22),
            volunteer_id=named(session, "Ada").id,
            made_at=TUESDAY,
        )
        session.add(change)
    shifts = opened(valley, token_of(valley, "Ada")).shifts
    on_wednesday = [each for each in shifts if each.starts.date() == date(2026, 3, 4)]
    assert [each.group for each in on_wednesday] == ["Hebden Bridge", "Todmorden"]


def test_shifts_end_and_begin_when_the_phone_has_it_so_as_the_clocks_change(
    valley: Valley,
) -> None:
    feed = opened(valley, token_of(valley, "Bob"))
    spring = [each for each in feed.shifts if each.starts.date().isoformat() == "2026-03-28"]
    autumn = [each for each in feed.shifts if each.starts.date().isoformat() == "2026-10-24"]
    # 22:00 to 02:00: the clocks go from 01:00 to 02:00, then back from 02:00 to 01:00.
    assert [(each.starts, each.ends) for each in spring] == [
        (datetime(2026, 3, 28, 22, tzinfo=UTC), datetime(2026, 3, 29, 1, tzinfo=UTC))
    ]
    assert [(each.starts, each.ends) for each in autumn] == [
        (datetime(2026, 10, 24, 21, tzinfo=UTC), datetime(2026, 10, 25, 2, tzinfo=UTC))
    ]


def test_it_reaches_six_weeks_back_and_a_year_ahead(valley: Valley) -> None:
    with valley.database.unit_of_work() as session:
        session.execute(update(Pattern).values(starts_on=(TUESDAY - timedelta(days=200)).date()))
    shifts = opened(valley, token_of(valley, "Carol")).shifts
    assert shifts[0].starts <= TUESDAY - timedelta(weeks=6)
    assert shifts[-1].ends >= TUESDAY + timedelta(days=365)
    assert len(shifts) == 42 + 366


def test_nobody_is_shown_who_would_not_be_rung(valley: Valley) -> None:
    with valley.database.unit_of_work() as session:
        number = named(session, "Ada").number
        session.add(OptOut(number=number, opted_out_at=TUESDAY))
    assert said(opened(valley, token_of(valley, "Bob")), "03-03") == ["03-03 08:00-13:00 nobody"]


# Whom they open for


@pytest.mark.parametrize("of_group", [None, "Hebden Bridge"])
def test_no_other_address_opens_it(valley: Valley, of_group: str | None) -> None:
    token = token_of(valley, "Ada", of_group)
    opened(valley, token)
    *ids, seal = token.split("-", 2 if of_group else 1)
    forged = [
        "-".join([*ids, seal[:-1] + ("A" if seal[-1] != "A" else "B")]),
        "-".join([*ids[:-1], str(int(ids[-1]) + 1), seal]),
        "-".join([*ids[:-1], "999999999", seal]),
        token + "A",
        seal,
        "",
        f"{token}\n",
    ]
    for each in forged:
        with pytest.raises(NoSuchCalendar):
            opened(valley, each)
    with pytest.raises(NoSuchCalendar):
        opened(valley, token, secret="another")


def test_one_kind_of_address_never_opens_the_other(valley: Valley) -> None:
    own, of_group = token_of(valley, "Ada"), token_of(valley, "Ada", "Hebden Bridge")
    with valley.database.reading() as session:
        with pytest.raises(NoSuchCalendar):
            calendars.group_feed(session, SECRET, own, TUESDAY)
        with pytest.raises(NoSuchCalendar):
            calendars.person_feed(session, SECRET, of_group, TUESDAY)


def test_whoever_is_not_of_the_group_cannot_read_it(valley: Valley) -> None:
    with pytest.raises(NoSuchCalendar):
        opened(valley, token_of(valley, "Carol", of_group="Hebden Bridge"))


def test_cancelling_gives_somebody_new_addresses_and_nobody_else(valley: Valley) -> None:
    own, read_by_ada = token_of(valley, "Ada"), token_of(valley, "Ada", "Hebden Bridge")
    with valley.database.unit_of_work() as session:
        ada = named(session, "Ada")
        assert calendars.cancel_of_person(session, ada.id, ada.calendar_version, TUESDAY)
    for token in (own, read_by_ada):
        with pytest.raises(NoSuchCalendar):
            opened(valley, token)
    opened(valley, token_of(valley, "Ada"))
    opened(valley, token_of(valley, "Bob"))
    opened(valley, token_of(valley, "Bob", "Hebden Bridge"))
    with valley.database.reading() as session:
        line = session.scalars(
            select(AuditLine).where(AuditLine.event == "calendar_cancelled")
        ).one()
        assert line.by_id == named(session, "Ada").id


def test_cancelling_twice_is_cancelling_once(valley: Valley) -> None:
    with valley.database.unit_of_work() as session:
        ada = named(session, "Ada")
        version = ada.calendar_version
        assert calendars.cancel_of_person(session, ada.id, version, TUESDAY)
        assert not calendars.cancel_of_person(session, ada.id, version, TUESDAY)
        session.refresh(ada)
        assert ada.calendar_version == version + 1


def test_a_coordinator_cancels_every_address_of_the_group(valley: Valley) -> None:
    tokens = [token_of(valley, name, "Hebden Bridge") for name in ("Ada", "Bob")]
    with valley.database.unit_of_work() as session:
        by = named(session, "Ada").id
        hebden = group(session)
        version = hebden.calendar_version
        assert calendars.cancel_of_group(session, hebden.id, version, by, TUESDAY)
    for token in tokens:
        with pytest.raises(NoSuchCalendar):
            opened(valley, token)
    opened(valley, token_of(valley, "Bob"))
    opened(valley, token_of(valley, "Bob", "Hebden Bridge"))


def test_whoever_leaves_reads_nothing_any_more(valley: Valley) -> None:
    own, of_group = token_of(valley, "Bob"), token_of(valley, "Bob", "Hebden Bridge")
    with valley.database.unit_of_work() as session:
        gone = named(session, "Bob").id
        session.execute(delete(Membership).where(Membership.volunteer_id == gone))
    for token in (own, of_group):
        with pytest.raises(NoSuchCalendar):
            opened(valley, token)


def test_whoever_is_disabled_reads_nothing_any_more(valley: Valley) -> None:
    token = token_of(valley, "Bob")
    with valley.database.unit_of_work() as session:
        named(session, "Bob").disabled_at = TUESDAY
    with pytest.raises(NoSuchCalendar):
        opened(valley, token)
