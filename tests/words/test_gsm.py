"""What a text costs, and the characters that would double it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpline.texting import gsm


@pytest.mark.parametrize(
    ("text", "segments"),
    [
        ("", 0),
        ("a", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("a" * 152 + "€" + "a" * 151, 2),
        ("a" * 152 + "€" + "a" * 152, 3),
        ("ą" * 70, 1),
        ("ą" * 71, 2),
        ("a" * 70 + "’", 2),
        ("🙂" * 35, 1),
        ("🙂" * 36, 2),
        ("🙂" * 66, 2),
        ("🙂" * 67, 3),
    ],
)
def test_a_text_is_counted_as_the_network_counts_it(text: str, segments: int) -> None:
    assert gsm.segments(text) == segments


def test_what_word_processors_put_in_costs_nothing() -> None:
    written = "“Don’t worry” – it’s free…\u00a0\u200b• yes"

    assert gsm.plain(written) == "\"Don't worry\" - it's free... - yes"
    assert gsm.segments(gsm.plain(written)) == 1


def test_letters_are_left_as_they_are() -> None:
    assert gsm.plain("zażółć gęślą jaźń, señor Ó €5") == "zażółć gęślą jaźń, señor Ó €5"


@given(text=st.text())
def test_cleaning_twice_is_cleaning_once_and_never_costs_more(text: str) -> None:
    cleaned = gsm.plain(text)

    assert gsm.plain(cleaned) == cleaned
    # Three full stops for an ellipsis are longer, and cheaper only where nothing else is odd.
    assert gsm.segments(cleaned.replace("...", ".")) <= gsm.segments(text)
