"""Logs without anybody's number in them: one line each, masked as the last thing before writing."""

import json
import logging
import os
import re
import sys
import time
from typing import Final, TextIO

from helpline import doors

# Anything long enough to be most of a telephone number, whatever stands between its figures.
_NUMBER: Final = re.compile(r"\+?\d(?:[ ()./-]?\d){6,14}(?!\d)")


def masked(line: str) -> str:
    """The line with every telephone number cut down to its last four figures."""
    return _NUMBER.sub(lambda found: f"…{found.group()[-4:]}", line)


class MaskingFormatter(logging.Formatter):
    """Writes a record as one plain line (and a traceback below), numbers masked throughout.

    No record of ours holds a number. This is for what libraries write of their own accord, and for
    the words of exceptions.
    """

    def __init__(self) -> None:
        super().__init__()
        self._second, self._stamp = -1, ""

    def format(self, record: logging.LogRecord) -> str:
        """One record, ready to be written, with what is known of the visit behind it."""
        line = f"{record.levelname} {record.name} {record.getMessage()}"
        known = doors.known()
        if known:
            line += f" [{' '.join([f'{name}={value}' for name, value in known.items()])}]"
        if record.exc_info:
            line += f"\n{self.formatException(record.exc_info)}"
        return f"{self.stamp(record.created)} {masked(line)}"

    def stamp(self, seconds: float) -> str:
        """A moment in this machine's zone, worked out once a second: a caller waits."""
        if self._second != int(seconds):
            self._second = int(seconds)
            self._stamp = time.strftime("%Y-%m-%dT%H:%M:%S%z", time.localtime(seconds))
        return self._stamp


class JsonFormatter(MaskingFormatter):
    """Writes a record as one line of JSON: for a program that gathers logs."""

    def format(self, record: logging.LogRecord) -> str:
        """One record, ready to be written. Words are masked; row ids and durations are ours."""
        line: dict[str, object] = {
            "at": self.stamp(record.created),
            "level": record.levelname,
            "logger": record.name,
            "said": masked(record.getMessage()),
        }
        for name, value in doors.known().items():
            line[name] = masked(value) if isinstance(value, str) else value
        if record.exc_info:
            line["trace"] = masked(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False)


def write_logs(
    to: TextIO | None = None, level: int = logging.INFO, *, as_json: bool | None = None
) -> None:
    """Send every log of this process to standard error, or somewhere else.

    `as_json`: LOG_FORMAT of the environment says so where it is not given.
    """
    if as_json is None:
        as_json = os.environ.get("LOG_FORMAT", "").strip().lower() == "json"
    handler = logging.StreamHandler(to or sys.stderr)
    handler.setFormatter(JsonFormatter() if as_json else MaskingFormatter())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    # Nobody writes them, and a caller waits while they are gathered.
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    # Nor from where they were told (https://docs.python.org/3/howto/logging.html#optimization).
    logging._srcfile = None
    # They tell of every request; what matters of it is in our own tables.
    for chatty in ("werkzeug", "twilio.http_client", "rq.worker", "urllib3"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
