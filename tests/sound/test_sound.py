"""Silence is told from speech, and nothing that cannot be read is taken for silence."""

import io
import math
import wave
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpline.sound import somebody_speaks

RATE = 8000


def recorded(*spells: tuple[float, int], channels: int = 1) -> bytes:
    """Spells of (seconds, loudness) of a humming voice over a hissing line."""
    chance = Random(1)
    out = io.BytesIO()
    with wave.open(out, "wb") as sound:
        sound.setnchannels(channels)
        sound.setsampwidth(2)
        sound.setframerate(RATE)
        for seconds, loudness in spells:
            for n in range(int(seconds * RATE)):
                hum = loudness * math.sin(n * 2 * math.pi * 180 / RATE) + chance.gauss(0, 40)
                sound.writeframesraw(int(hum).to_bytes(2, "little", signed=True) * channels)
    return out.getvalue()


@pytest.mark.parametrize("channels", [1, 2])
def test_a_hissing_line_is_silence(channels: int) -> None:
    assert not somebody_speaks(recorded((5, 0), channels=channels))


def test_a_few_quiet_words_in_a_long_silence_are_speech() -> None:
    assert somebody_speaks(recorded((4, 0), (1, 600), (4, 0)))


def test_the_click_of_a_receiver_is_no_speech() -> None:
    assert not somebody_speaks(recorded((3, 0), (0.15, 12_000), (1, 0)))


@given(st.binary(max_size=300))
def test_what_cannot_be_read_is_never_taken_for_silence(data: bytes) -> None:
    assert somebody_speaks(data)


def test_an_empty_recording_is_silence() -> None:
    assert not somebody_speaks(recorded())
