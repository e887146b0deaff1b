"""Phone numbers: read as people write them, never shown whole, withheld ones recognised."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from helpline.phone_numbers import (
    NotAPhoneNumber,
    caller_id,
    can_be_texted,
    is_assigned,
    is_mobile,
    mask,
    national,
    parse,
)

FICTION = st.one_of(
    st.integers(0, 999).map(lambda last: f"+441632960{last:03}"),
    st.integers(0, 999).map(lambda last: f"+447700900{last:03}"),
)


@pytest.mark.parametrize(
    "written",
    [
        "+447700900123",
        "07700 900123",
        "07700900123",
        "+44 (0)7700 900-123",
        "0044 7700 900 123",
        "  07700 900123 ",
        "٠٧٧٠٠٩٠٠١٢٣",
    ],
)
def test_a_number_is_read_as_people_write_it(written: str) -> None:
    assert parse(written).e164 == "+447700900123"


@pytest.mark.parametrize(
    "written",
    [
        "",
        "Ada",
        "12",
        "999",
        "01632",
        "0800 FLOWERS",
        "07700 900123 ext 4",
        "07700 900123#4",
        "+",
        "++44",
        "1" * 300,
    ],
)
def test_what_is_no_number_is_refused_and_never_repeated(written: str) -> None:
    with pytest.raises(NotAPhoneNumber) as error:
        parse(written)

    assert "write one such as 07700 900123" in str(error.value)
    assert len(written) < 5 or written not in str(error.value)


@given(number=FICTION)
def test_reading_what_was_written_changes_nothing(number: str) -> None:
    assert parse(number).e164 == number
    assert parse(national(number)).e164 == number


@given(said=st.text() | st.from_regex(r"[+\d ()/.;=ext-]{0,30}", fullmatch=True))
@example(said="+8656696")
@example(said="00000000000")
@example(said="tel:+441632960123;ext=4")
def test_no_text_whatever_is_an_exception(said: str) -> None:
    number = caller_id(said)

    if number is not None:
        assert parse(number).e164 == number
        assert caller_id(number) == number
        assert isinstance(can_be_texted(number), bool)
        assert isinstance(is_assigned(number), bool)


@given(said=st.text() | FICTION)
def test_never_more_than_the_last_four_are_shown(said: str) -> None:
    shown = mask(said)

    assert shown.startswith("…")
    assert len(shown) in (1, 5)
    assert shown[1:] == "" or "".join(filter(str.isascii, filter(str.isdigit, said))).endswith(
        shown[1:]
    )


def test_a_number_shows_only_its_end() -> None:
    number = parse("07700 900123")

    assert f"{number} {number!r}" == "…0123 PhoneNumber(…0123)"
    assert mask(None) == mask("anonymous") == mask("999") == "…"


# Words, the same words typed on a keypad, and what else real lines have sent.
WITHHELD = [
    *("anonymous", "Anonymous", "unknown", "restricted", "unavailable", "private", "blocked"),
    *("+266696687", "+8656696", "+7378742833", "+17378742833", "+86282452253", "+2562533"),
    *("", " ", "+", "sip:441632960123@example.org", "client:ada", "62277", "GOV.UK", "asdf"),
]


@pytest.mark.parametrize("said", [*WITHHELD, None])
def test_a_withheld_or_odd_number_is_none(said: str | None) -> None:
    assert caller_id(said) is None


@pytest.mark.parametrize("said", ["+441632960123", " 441632960123", "01632960123"])
def test_a_number_that_was_not_withheld_is_known(said: str) -> None:
    assert caller_id(said) == "+441632960123"


def test_mobiles_can_be_texted_and_landlines_cannot() -> None:
    assert can_be_texted("+447700900123")
    assert not can_be_texted("+441632960123")
    assert not can_be_texted(None)


def test_every_country_says_what_a_mobile_is() -> None:
    """Kinds of real ranges, with no subscriber's number: each country's own example number."""
    from phonenumbers import PhoneNumberType, example_number_for_type

    def example_of(region: str, kind: int) -> str:
        number = example_number_for_type(region, kind)
        assert number is not None
        return f"+{number.country_code}{number.national_number}"

    for region in ("GB", "PL", "JE", "IE"):
        assert is_mobile(example_of(region, PhoneNumberType.MOBILE)), region
        assert not is_mobile(example_of(region, PhoneNumberType.FIXED_LINE)), region


def test_a_slip_of_the_finger_is_noticed_and_fiction_is_not_a_slip() -> None:
    assert is_assigned("+447700900123")
    assert is_assigned("+441632960123")
    assert not is_assigned("+44770090012")
    assert not is_assigned("+4477009001")
