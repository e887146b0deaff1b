"""What a spreadsheet says becomes edits of the rota; what is wrong with it is told cell by cell."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from helpline.models import Group, Pattern, PatternVolunteer, Volunteer
from helpline.rota import PatternShift
from helpline.rota_edits.values import (
    AddShift,
    ChangePattern,
    Edit,
    EndPattern,
    NewPattern,
    PutOn,
    Replace,
    TakeOff,
)
from helpline.spreadsheets.edits import Import, read_import
from helpline.spreadsheets.files import read
from helpline.spreadsheets.rows import WhyWrong
from helpline.when.recurrence import Weekly
from tests.loading.valley import TUESDAY, Valley

ADA, BOB, CAROL = 1, 2, 3
WEEKDAYS, WEEKEND, FIRST_MONDAY = 1, 2, 3
TODAY = date(2026, 3, 3)
PATTERNS = """\
days,from,to,volunteers,starting,ending
Mon-Fri,08:00,13:00,Ada; Bob,2026-03-03,
"Sat, Sun",22:00,02:00,Bob,2026-03-03,
first Mon,18:00,20:00,Ada,2026-03-03,
"""


@pytest.fixture(autouse=True)
def _ids(valley: Valley) -> None:
    """The ids that these tests speak of."""
    with valley.database.reading() as session:
        assert list(session.scalars(select(Volunteer.name).order_by(Volunteer.id))) == [
            "Ada",
            "Bob",
            "Carol",
        ]
        days = list(session.scalars(select(Pattern.days).order_by(Pattern.id)))
        assert days[:3] == ["Mon-Fri", "Sat, Sun", "first Mon"]


def imported(valley: Valley, text: str, at: datetime = TUESDAY) -> Import:
    with valley.database.reading() as session:
        group = session.scalars(select(Group).where(Group.name == "Hebden Bridge")).one()
        return read_import(session, group, read(text.encode()), at)


def edits(valley: Valley, text: str, at: datetime = TUESDAY) -> list[Edit]:
    found = imported(valley, text, at)
    assert found.wrong == ()
    return list(found.edits)


def wrong(valley: Valley, text: str, at: datetime = TUESDAY) -> list[tuple[Any, ...]]:
    """Everything wrong: row, column, why."""
    found = imported(valley, text, at)
    assert found.edits == ()
    return [(each.row, each.column, each.why) for each in found.wrong]


def dated(*rows: str) -> str:
    return "\n".join(["date,day,from,to,name,group", *rows])


# Dated shifts

TUE, WED = date(2026, 3, 10), date(2026, 3, 11)
AT_EIGHT = "08:00,13:00"


def test_somebody_takes_anothers_place(valley: Valley) -> None:
    valley.load(text_with_dee())
    rows = dated(f"2026-03-10,Tue,{AT_EIGHT},Dee,", f"2026-03-10,Tue,{AT_EIGHT},Bob,")
    assert edits(valley, rows) == [Replace(PatternShift(WEEKDAYS, TUE), ADA, 4)]


def text_with_dee() -> str:
    from tests.loading.valley import FILE

    bob = '- {name: Bob, number: "+447700900102", languages: [en, pl]}'
    return FILE.replace(bob, f'{bob}\n      - {{name: Dee, number: "+447700900104"}}')


def test_somebody_is_taken_off(valley: Valley) -> None:
    rows = dated(f"2026-03-10,Tue,{AT_EIGHT},Bob,Hebden Bridge")
    assert edits(valley, rows) == [TakeOff(PatternShift(WEEKDAYS, TUE), ADA)]


def test_everybody_is_taken_off_where_no_name_stands(valley: Valley) -> None:
    rows = dated(f"2026-03-10,Tue,{AT_EIGHT},,")
    assert edits(valley, rows) == [
        TakeOff(PatternShift(WEEKDAYS, TUE), ADA),
        TakeOff(PatternShift(WEEKDAYS, TUE), BOB),
    ]


def test_somebody_is_put_on_beside_the_others(valley: Valley) -> None:
    rows = dated("2026-03-14,,22:00,02:00,Ada;Bob,")
    assert edits(valley, rows) == [PutOn(PatternShift(WEEKEND, date(2026, 3, 14)), ADA)]


def test_a_shift_that_is_not_on_the_rota_is_added(valley: Valley) -> None:
    rows = dated("11/03/2026,Wed,18:00,22:00,Ada,", "11.03.2026,,18:00,22:00,Bob,")
    assert edits(valley, rows) == [AddShift(WED, time(18), time(22), (ADA, BOB))]


def test_shifts_that_are_not_in_the_sheet_stay(valley: Valley) -> None:
    assert edits(valley, dated(f"2026-03-10,,{AT_EIGHT},Ada; Bob,")) == []


@pytest.mark.parametrize(
    ("row", "column", "why"),
    [
        (f",,{AT_EIGHT},Ada,", "date", WhyWrong.EMPTY),
        (f"2026-02-30,,{AT_EIGHT},Ada,", "date", WhyWrong.NOT_A_DATE),
        (f"soon,,{AT_EIGHT},Ada,", "date", WhyWrong.NOT_A_DATE),
        (f"9999-12-31,,{AT_EIGHT},Ada,", "date", WhyWrong.NOT_A_DATE),
        ("2026-03-10,,8 am,13:00,Ada,", "from", WhyWrong.NOT_A_TIME),
        ("2026-03-10,,08:00,25:00,Ada,", "to", WhyWrong.NOT_A_TIME),
        ("2026-03-10,,08:00,,Ada,", "to", WhyWrong.EMPTY),
        (f"2026-03-10,Wed,{AT_EIGHT},Ada,", "day", WhyWrong.ANOTHER_DAY),
        # The third of October, as they write it in America.
        (f"10/03/2026,Sat,{AT_EIGHT},Ada,", "day", WhyWrong.ANOTHER_DAY),
        (f"2026-03-10,,{AT_EIGHT},Adda,", "name", WhyWrong.NOBODY),
        (f"2026-03-10,,{AT_EIGHT},Carol,", "name", WhyWrong.NOBODY),
        (f"2026-03-10,,{AT_EIGHT},Ada,Todmorden", "group", WhyWrong.ANOTHER_GROUP),
        ("2026-03-10,,20:00,21:00,,", "name", WhyWrong.NO_SUCH_SHIFT),
        ("2026-03-02,,20:00,21:00,Ada,", "date", WhyWrong.IN_THE_PAST),
        ("2026-03-03,,04:00,10:00,Ada,", "date", WhyWrong.IN_THE_PAST),
    ],
)
def test_what_is_wrong_with_a_dated_shift(
    valley: Valley, row: str, column: str, why: WhyWrong
) -> None:
    assert wrong(valley, dated(f"2026-03-12,,{AT_EIGHT},Ada,", row)) == [(3, column, why)]


def test_everything_wrong_is_told_at_once(valley: Valley) -> None:
    rows = dated("soon,,8,13:00,Ada,", "", f"2026-03-10,,{AT_EIGHT},Zed; Yan,")
    assert wrong(valley, rows) == [
        (2, "date", WhyWrong.NOT_A_DATE),
        (2, "from", WhyWrong.NOT_A_TIME),
        (4, "name", WhyWrong.NOBODY),
        (4, "name", WhyWrong.NOBODY),
    ]


def test_the_same_row_twice(valley: Valley) -> None:
    rows = dated(f"2026-03-10,,{AT_EIGHT},Ada,", f"2026-03-10,,{AT_EIGHT},Ada; Bob,")
    assert wrong(valley, rows) == [(3, "", WhyWrong.TWICE)]


@pytest.mark.parametrize(
    ("header", "found"),
    [
        ("who,when", (1, "", WhyWrong.NO_COLUMNS)),
        ("date,from,name", (1, "to", WhyWrong.NO_COLUMN)),
        ("days,from,to,volunters", (1, "volunteers", WhyWrong.NO_COLUMN)),
    ],
)
def test_a_sheet_without_its_columns(valley: Valley, header: str, found: tuple[Any]) -> None:
    assert wrong(valley, f"{header}\na,b,c\n") == [found]


def test_columns_may_stand_in_any_order_with_others_between(valley: Valley) -> None:
    text = "Name,remark,TO,From,Date\nBob,ill,13:00,8:00,2026-03-10\n"
    assert edits(valley, text) == [TakeOff(PatternShift(WEEKDAYS, TUE), ADA)]


# Patterns


def test_patterns_as_they_are_change_nothing(valley: Valley) -> None:
    assert edits(valley, PATTERNS) == []
    # A starting date that has passed, or none, is from now on; so is the order of names nothing.
    text = PATTERNS.replace("2026-03-03", "").replace("Ada; Bob", "bob; ada")
    assert edits(valley, text, TUESDAY + timedelta(days=30)) == []


def test_two_that_are_alike_from_today_on_are_two_rows_or_one(valley: Valley) -> None:
    early, late = (f"Sun,08:00,13:00,Ada,2026-03-0{day},\n" for day in (1, 8))
    with valley.database.unit_of_work() as session:
        group = session.scalars(select(Group).where(Group.name == "Hebden Bridge")).one()
        for day in (1, 8):
            pattern = Pattern(
                group_id=group.id,
                days="Sun",
                starts_at=time(8),
                ends_at=time(13),
                starts_on=date(2026, 3, day),
            )
            session.add(pattern)
            session.flush()
            session.add(PatternVolunteer(pattern_id=pattern.id, volunteer_id=ADA))
    sunday_evening = datetime(2026, 3, 8, 20, tzinfo=UTC)
    for rows in (early + late, late + early, early, late):
        assert edits(valley, PATTERNS + rows, sunday_evening) == []


def test_other_people_from_today_on(valley: Valley) -> None:
    [changed] = edits(valley, PATTERNS.replace("Ada; Bob", "Bob"))
    # Today's shift has begun.
    assert changed == ChangePattern(
        WEEKDAYS, date(2026, 3, 4), Weekly(frozenset(range(5))), time(8), time(13), (BOB,)
    )


def test_a_row_that_is_gone_ends(valley: Valley) -> None:
    text = PATTERNS.replace("first Mon,18:00,20:00,Ada,2026-03-03,\n", "")
    assert edits(valley, text) == [EndPattern(FIRST_MONDAY, TODAY)]


def test_a_new_row_begins(valley: Valley) -> None:
    text = PATTERNS + "Wed,18:00,20:00,Ada,2026-04-01,2026-05-31\nThu,18:00,20:00,,,\n"
    assert edits(valley, text) == [
        NewPattern(
            Weekly(frozenset({2})),
            time(18),
            time(20),
            (ADA,),
            date(2026, 4, 1),
            date(2026, 5, 31),
        ),
        NewPattern(Weekly(frozenset({3})), time(18), time(20), (), TODAY, None),
    ]


def test_a_last_date_is_given_and_taken_away(valley: Valley) -> None:
    ending = PATTERNS.replace("Ada,2026-03-03,", "Ada,2026-03-03,2026-06-30")
    assert edits(valley, ending) == [EndPattern(FIRST_MONDAY, date(2026, 7, 1))]
    with valley.database.unit_of_work() as session:
        session.get_one(Pattern, FIRST_MONDAY).ends_on = date(2026, 6, 30)
    [longer] = edits(valley, PATTERNS)
    assert isinstance(longer, ChangePattern)
    assert (longer.pattern, longer.ends_on) == (FIRST_MONDAY, None)


def test_other_times_are_another_pattern(valley: Valley) -> None:
    ended, new = edits(valley, PATTERNS.replace("18:00,20:00", "18:00,21:00"))
    assert ended == EndPattern(FIRST_MONDAY, TODAY)
    assert isinstance(new, NewPattern)
    assert new.end == time(21)


def test_every_other_week_goes_on_being_counted_as_it_was(valley: Valley) -> None:
    with valley.database.unit_of_work() as session:
        session.get_one(Pattern, FIRST_MONDAY).days = "every 2 weeks Mon counted from 2026-03-09"
    fortnightly = PATTERNS.replace("first Mon", "every 2 weeks Mon")
    assert edits(valley, fortnightly.replace("Ada,2026-03-03,", "Ada,,")) == []
    assert (
        edits(valley, PATTERNS.replace("first Mon", "every 2 weeks Mon counted from 2026-03-23"))
        == []
    )
    moved = PATTERNS.replace("first Mon", "every 2 weeks Mon counted from 2026-03-16")
    assert [type(each) for each in edits(valley, moved)] == [EndPattern, NewPattern]


def test_what_is_over_stays_over(valley: Valley) -> None:
    late = datetime(2026, 6, 30, 21, 0, tzinfo=UTC)
    with valley.database.unit_of_work() as session:
        session.get_one(Pattern, FIRST_MONDAY).ends_on = late.date()
    # Its last shift has begun: the row may stand or go, and nothing comes of it.
    row = "first Mon,18:00,20:00,Ada,2026-03-03,2026-06-30\n"
    text = PATTERNS.replace("first Mon,18:00,20:00,Ada,2026-03-03,\n", "")
    assert edits(valley, text, late) == []
    assert edits(valley, text + row, late) == []


@pytest.mark.parametrize(
    ("row", "column", "why"),
    [
        ("Moonday,18:00,20:00,Ada,,", "days", WhyWrong.NOT_DAYS),
        (f"{'Mon ' * 80}Tue,18:00,20:00,Ada,,", "days", WhyWrong.NOT_DAYS),
        (",18:00,20:00,Ada,,", "days", WhyWrong.EMPTY),
        ("Wed,18h,20:00,Ada,,", "from", WhyWrong.NOT_A_TIME),
        ("Wed,18:00,20:00,Adda,,", "volunteers", WhyWrong.NOBODY),
        ("Wed,18:00,20:00,Ada,soon,", "starting", WhyWrong.NOT_A_DATE),
        ("Wed,18:00,20:00,Ada,2026-05-01,2026-04-01", "ending", WhyWrong.ENDS_BEFORE),
        ("first Mon,18:00,20:00,Ada,2026-03-03,", "", WhyWrong.TWICE),
    ],
)
def test_what_is_wrong_with_a_pattern(valley: Valley, row: str, column: str, why: WhyWrong) -> None:
    assert wrong(valley, f"{PATTERNS}{row}\n") == [(5, column, why)]


# In the language of whoever has the file


def test_polish_headings_and_days_are_taken(valley: Valley) -> None:
    """Also as a program without Polish letters writes them, and with nobody called nobody."""
    file = """\
Dni,Od,Do,Wolontariusze,Pierwszy dzien,Ostatni dzień
pon-pt,08:00,13:00,Ada; Bob,2026-03-03,
"sob, nd",22:00,02:00,Bob,2026-03-03,
pierwszy pon,18:00,20:00,nikt,2026-03-03,
"""
    [edit] = edits(valley, file)
    assert isinstance(edit, ChangePattern)
    assert (edit.pattern, edit.volunteers) == (FIRST_MONDAY, ())


def test_what_is_wrong_is_told_by_the_headings_of_the_file(valley: Valley) -> None:
    file = "data,dzień,od,do,imię,grupa\n2026-03-10,pon,osiem,13:00,Ida,"
    found = [(each.column, each.why, each.meant) for each in imported(valley, file).wrong]
    assert found == [
        ("od", WhyWrong.NOT_A_TIME, ()),
        ("imię", WhyWrong.NOBODY, ("Ada",)),
        ("dzień", WhyWrong.ANOTHER_DAY, ("wt",)),
    ]
    [no_column] = imported(valley, "data,od,do,imie_\n").wrong
    assert (no_column.column, no_column.why) == ("imię", WhyWrong.NO_COLUMN)
