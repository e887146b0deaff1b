"""What it costs to seal what is private, and to open it again: microseconds for each value."""

import os
import time
from collections.abc import Callable
from typing import Final

from benchmarks.comparing import Effort
from benchmarks.figures import row
from helpline.sealing import search_index
from helpline.sealing.seals import KEY_BYTES, DataKeys, FindingKey

_WORDS: Final = "Could somebody bring bread and milk on Tuesday? My hip is bad, and no bus comes."
_NUMBER: Final = "+447700900123"
# Twenty seconds of speech, as the phone network gives it.
_SOUND: Final = bytes(320_000)
_ROUNDS: Final = 5


def each_value(effort: Effort) -> None:  # noqa: ARG001 - as every part is called
    """Seal and open a number, a text and a voicemail; a webhook seals one number and one text."""
    data, finding = DataKeys([os.urandom(KEY_BYTES)]), FindingKey(os.urandom(KEY_BYTES))
    words, number = data.seal(_WORDS, "texts.body"), finding.seal(_NUMBER)
    sound = data.seal_bytes(_SOUND, "recordings.audio")
    print("\nSealing, µs for each value; time on a processor only")
    print(row("", ["seal", "open"]))
    for name, count, seal, opened in (
        ("number", 10_000, lambda: finding.seal(_NUMBER), lambda: finding.open(number)),
        (
            f"text of {len(_WORDS)} letters",
            10_000,
            lambda: data.seal(_WORDS, "texts.body"),
            lambda: data.open(words, "texts.body"),
        ),
        (
            "voicemail of 20 s",
            100,
            lambda: data.seal_bytes(_SOUND, "recordings.audio"),
            lambda: data.open_bytes(sound, "recordings.audio"),
        ),
    ):
        print(row(name, [f"{_took(seal, count):.1f}", f"{_took(opened, count):.1f}"]))
    keys = search_index.keys_of(_WORDS)
    took = _took(lambda: [finding.word_hash(each) for each in search_index.keys_of(_WORDS)], 1_000)
    print(row(f"{len(keys)} hashes to find it by", [f"{took:.1f}", ""]))


def _took(work: Callable[[], object], count: int) -> float:
    """The quickest of a few rounds, in microseconds for each."""
    rounds = []
    for _ in range(_ROUNDS):
        began = time.process_time()
        for _ in range(count):
            work()
        rounds.append(time.process_time() - began)
    return min(rounds) / count * 1_000_000
