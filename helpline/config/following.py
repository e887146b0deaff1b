"""Notices that config.yaml was edited, so that a program takes it up while it runs."""

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from helpline.settings import Settings, SettingsError, load_settings

log = logging.getLogger(__name__)

# An editor may write a file in several goes.
SETTLED_SECONDS: Final = 1.0
Ticking = Callable[[], float]


class Edits:
    """The edits of one file. To ask costs microseconds; the file is not read."""

    def __init__(self, file: Path, ticking: Ticking = time.monotonic) -> None:
        """As the file is now it counts as read. `ticking` gives seconds that only go forward."""
        self._file = file
        self._ticking = ticking
        self._read = self._seen = _mark(file)
        self._since = 0.0

    def one_is_done(self) -> bool:
        """Whether the file is another than it was when this last said so, and is not still being
        written to; an edit is told once."""
        mark, now = _mark(self._file), self._ticking()
        if mark != self._seen:
            self._seen, self._since = mark, now
        if mark == self._read or now - self._since < SETTLED_SECONDS:
            return False
        self._read = mark
        return True


def _mark(file: Path) -> tuple[int, int, int]:
    """What an edit changes, however the editor writes; a file that is gone has a mark too."""
    try:
        found = file.stat()
    except OSError:
        return 0, 0, 0
    return found.st_mtime_ns, found.st_size, found.st_ino


class Following:
    """`settings`, which follow the edits of config.yaml in a program that runs.

    A wrong one changes nothing but `settings.config_complaints`.
    """

    def __init__(
        self, settings: Settings, environ: Mapping[str, str], ticking: Ticking = time.monotonic
    ) -> None:
        self.settings = settings
        self._environ = environ
        self._edits = Edits(settings.config_file, ticking)

    def has_news(self) -> bool:
        """Whether `settings` are others than they were, because of an edit."""
        if not self._edits.one_is_done():
            return False
        try:
            self.settings = load_settings(self._environ, root=self.settings.root)
        except SettingsError as error:
            log.warning("an edit is not used until it is mended: %s", "; ".join(error.complaints))
            self.settings = replace(self.settings, config_complaints=tuple(error.complaints))
        else:
            log.warning("config.yaml was edited, and is used from now on")
        return True
