"""The people of a test: what they do with their telephones, and what they ought to notice."""

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from helpline.config.decided import Config
from helpline.config.prompts import BRACE
from simulator.phones import Phone, PhoneCall
from simulator.records import Text
from simulator.speech import Heard

if TYPE_CHECKING:
    from tests.harness import Helpline


class Script:
    """Knows every prompt of config.yaml by what it sounds like."""

    def __init__(self, config: Config) -> None:
        self._spoken = {**_patterns(config.spoken)}
        self._texted = {**_patterns(config.texted)}

    def prompt(self, heard: Heard) -> tuple[str, str]:
        """The (name, language) of what was heard. Fails on words that are nowhere written."""
        return self._find(self._spoken, heard.text)

    def text(self, body: str) -> tuple[str, str]:
        """The (name, language) of a text. Fails on words that are nowhere written."""
        return self._find(self._texted, body)

    def _find(
        self, patterns: Mapping[tuple[str, str], re.Pattern[str]], words: str
    ) -> tuple[str, str]:
        found = [key for key, pattern in patterns.items() if pattern.fullmatch(words)]
        # "Goodbye." would fit in "{line}"; what says more in words of its own is meant.
        assert found, f"nobody wrote these words: {words!r}"
        return max(found, key=lambda key: len(patterns[key].pattern))


def _patterns(
    wording: Mapping[str, Mapping[str, str]],
) -> Iterator[tuple[tuple[str, str], re.Pattern[str]]]:
    from helpline.texting import gsm

    found = {}
    for name, languages in wording.items():
        for language, words in languages.items():
            plain = gsm.plain(words) if name else words
            parts = [re.escape(part) for part in BRACE.sub("\0", plain).split("\0")]
            found[name, language] = re.compile(".*".join(parts).replace(r"\ ", " *"), re.DOTALL)
    return found


class OnThePhone:
    """One call, as the person at one telephone lives it; everything they do can be chained."""

    def __init__(self, helpline: "Helpline", call: PhoneCall) -> None:
        self.helpline = helpline
        self.call = call

    def hears(self, *prompts: str, language: str = "en") -> "OnThePhone":
        """Listens until the line waits; exactly these prompts were said.

        In this language, unless a prompt names its own: "language_offer:pl".
        """
        said = self.listens()
        heard = [self.helpline.script.prompt(each) for each in said]
        expected = [
            tuple((prompt if ":" in prompt else f"{prompt}:{language}").split(":"))
            for prompt in prompts
        ]
        assert heard == expected, f"heard {[each.text for each in said]}"
        return self

    def listens(self) -> list[Heard]:
        """What was said since the last time, once the line waits for something."""
        return self.call.hears()

    def presses(self, keys: str) -> "OnThePhone":
        self.call.presses(keys)
        return self

    def stays_silent(self) -> "OnThePhone":
        self.call.stays_silent()
        return self

    def says(self, words: str, seconds: float | None = None) -> "OnThePhone":
        self.call.says(words, seconds)
        return self

    def waits(self, seconds: float) -> "OnThePhone":
        self.call.waits(seconds)
        return self

    def hangs_up(self) -> "OnThePhone":
        self.call.hangs_up()
        return self

    def picks_up(self) -> "OnThePhone":
        self.call.picks_up()
        return self

    def declines(self) -> "OnThePhone":
        self.call.declines()
        return self

    def talks_to(self, other: "OnThePhone | Neighbour") -> "OnThePhone":
        """The two can hear each other."""
        phone = other.call.phone if isinstance(other, OnThePhone) else other.phone
        assert self.call.talking_to is phone, f"talks to {self.call.talking_to}"
        return self

    def is_over(self) -> "OnThePhone":
        """The line has hung up."""
        self.call.hears()
        assert self.call.is_over
        return self


class Neighbour:
    """Somebody with a telephone."""

    def __init__(self, helpline: "Helpline", phone: Phone) -> None:
        self.helpline = helpline
        self.phone = phone
        self._read = 0
        self._rung = 0

    def calls(self, line: str | None = None, withheld: bool = False) -> OnThePhone:
        """Rings the line."""
        caller_id = "anonymous" if withheld else None
        call = self.phone.calls(line or self.helpline.line, caller_id=caller_id)
        return OnThePhone(self.helpline, call)

    def rings(self, within: float = 120) -> OnThePhone:
        """Their telephone rings (time passes until it does), and shows the line's number."""
        call = self.phone.rings(within)
        assert call.from_number in self.helpline.network.numbers, "the display shows a stranger"
        self._rung += 1
        return OnThePhone(self.helpline, call)

    def texts(self, body: str, line: str | None = None, media: int = 0) -> "Neighbour":
        """Texts the line."""
        self.phone.texts(line or self.helpline.line, body, media)
        return self

    # A text is answered by a text.
    replies = texts

    def is_texted(self, prompt: str, language: str = "en") -> "Neighbour":
        """The next text they get, within half a minute, is this one."""
        self.helpline.clock.run_until(lambda: len(self.texts_from_us) > self._read, 30)
        assert len(self.texts_from_us) > self._read, f"{self.phone} was not texted"
        text = self.texts_from_us[self._read]
        assert self.helpline.script.text(text.body) == (prompt, language), text.body
        self._read += 1
        return self

    @property
    def last_text(self) -> str:
        """The words of the text that was read last."""
        return self.texts_from_us[self._read - 1].body

    @property
    def texts_from_us(self) -> list[Text]:
        """What they got, but for the carrier's own answers to STOP and the like."""
        return [text for text in self.phone.inbox if not text.automatic]

    def has_read_everything(self) -> "Neighbour":
        """Whatever they were texted until now was expected."""
        self._read = len(self.texts_from_us)
        return self

    def notices_missed_calls(self) -> "Neighbour":
        """However often their telephone rang until now, it was expected to."""
        self._rung = sum(call.call.direction != "inbound" for call in self.phone.history)
        return self

    def unexpected(self) -> Iterator[str]:
        """Every text nobody read, every time their telephone rang and nobody looked."""
        for text in self.texts_from_us[self._read :]:
            yield f"{self.phone} got a text: {text.body}"
        rung = [call for call in self.phone.history if call.call.direction != "inbound"]
        if len(rung) > self._rung:
            yield f"{self.phone} rang {len(rung)} times, expected {self._rung}"


class Volunteering(Neighbour):
    """A volunteer, by their telephone and their row."""

    def __init__(self, helpline: "Helpline", phone: Phone, volunteer_id: int) -> None:
        super().__init__(helpline, phone)
        self.id = volunteer_id

    def is_passed_over(self, behaviour: str) -> "Volunteering":
        """From now on their telephone does this by itself; it is expected to ring once more."""
        self.phone.behaves(behaviour)  # type: ignore[arg-type]
        self._rung += 1
        return self
