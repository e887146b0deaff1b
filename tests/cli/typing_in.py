"""Somebody at a terminal, who types a command and reads what it prints."""

import shlex
from dataclasses import dataclass
from datetime import UTC, datetime

from click.testing import CliRunner, Result

from helpline.cli import helpline
from tests.prepared import DATA_KEYS

TUESDAY_MORNING = datetime(2026, 3, 3, 10, 0, tzinfo=UTC)


@dataclass
class Terminal:
    """A terminal whose helpline keeps its data at `url`, at the moment `at`."""

    url: str
    at: datetime = TUESDAY_MORNING
    keys: str = DATA_KEYS

    def types(self, words: str, keys: str = "", exit_code: int = 0) -> str:
        """Runs `helpline` with these words and keys; what it prints, errors and all."""
        result = self._result(words, keys)
        assert result.exit_code == exit_code, result.output
        return result.output

    def _result(self, words: str, keys: str) -> Result:
        return CliRunner(env={"DATABASE_URL": self.url, "DATA_KEYS": self.keys}).invoke(
            helpline,
            shlex.split(words),
            input=keys,
            obj=lambda: self.at,
            prog_name="helpline",
            # What click did not expect is the test's to see.
            catch_exceptions=False,
        )
