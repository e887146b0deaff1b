"""What a caller hears when all else fails: a moment's patience, then whom to ring instead."""

from dataclasses import dataclass

from helpline.rules import Rules
from helpline.words import Spoken
from ivr.twilio import twiml
from ivr.twilio.twiml import Links

# Each try may wait for the database; two of them stay well within Twilio's 15 s.
TRIES = 2


@dataclass(frozen=True)
class LastResort:
    """Answers without the database: only words and the request at hand are needed."""

    rules: Rules
    links: Links

    def for_caller(
        self, path: str, again: int, rung_line: str | None = None, **heard: object
    ) -> str:
        """Try the same step once more, with what was heard; then have somebody else rung.

        `rung_line` is the line they rang; None where nobody is to be rung for them any more: they
        have talked, or it is we who rang them. Then they hear the number to ring instead.
        """
        if again < TRIES - 1:
            same_step = self.links.to(path, again=again + 1, **heard)
            return twiml.try_again(self._in_every_language("one_moment"), same_step, self.links)
        if rung_line:
            return self.without_us(rung_line)
        return twiml.say_and_hang_up(self._in_every_language("trouble"), self.links)

    def for_volunteer(self) -> str:
        """Hang up, so that nobody is put through unasked; the caller's own call goes on."""
        return twiml.say_and_hang_up([], self.links)

    def for_waiting(self) -> str:
        """Wait a little longer in silence; the network asks again."""
        return twiml.keep_waiting([], 3, self.links)

    def without_us(self, line_number: str) -> str:
        """A kind sentence, and the fallback number rung; for the provider to keep, as well."""
        return twiml.ring_elsewhere(
            self._in_every_language("ringing_elsewhere"),
            self.rules.config.fallback_number,
            line_number,
            self._in_every_language("trouble"),
        )

    def _in_every_language(self, prompt: str) -> list[Spoken]:
        """Which one the caller speaks is written in the database that does not answer."""
        return [
            self.rules.words.spoken(prompt, language.key)
            for language in self.rules.config.languages
        ]
