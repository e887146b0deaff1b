"""Logs without anybody's number in them: one line each, masked as the last thing before writing."""

import logging
import re
import sys
from typing import Final, TextIO

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
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s", "%Y-%m-%dT%H:%M:%S%z")

    def format(self, record: logging.LogRecord) -> str:
        """One record, ready to be written."""
        stamp, rest = super().format(record).split(" ", 1)
        return f"{stamp} {masked(rest)}"


def write_logs(to: TextIO | None = None, level: int = logging.INFO) -> None:
    """Send every log of this process to standard error, or somewhere else."""
    handler = logging.StreamHandler(to or sys.stderr)
    handler.setFormatter(MaskingFormatter())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    # They tell of every request; what matters of it is in our own tables.
    for chatty in ("werkzeug", "twilio.http_client", "rq.worker", "urllib3"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
