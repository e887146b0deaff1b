"""What is wrong: with an answer, and with what was logged meanwhile."""

import logging
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import unquote_plus

from werkzeug.test import TestResponse

from simulator.twiml import document, schema
from simulator.twiml.document import TwimlError, Verb
from tests.chaos.village import ANY_NUMBER
from tests.fuzz.odd import MARK, Sent
from tests.fuzz.webhooks import is_of_a_caller
from tests.harness import BASE_URL
from tests.web.overhearing import shape_of

_LONGEST_SHOWN = 600
# Nobody types these: a form brings them along, and gives them back to the address.
_IN_ADDRESSES = {"week", "day", "next", "before", "once", "seen", "sure", "go_on"}


class Finds:
    """What broke, each kind once: how often, and with which request first."""

    def __init__(self) -> None:
        self.count: Counter[str] = Counter()
        self.first: dict[str, str] = {}

    def add(self, what: str, number: int, sent: Sent | None) -> None:
        """One more of this kind."""
        self.count[what] += 1
        self.first.setdefault(what, f"{number}: {sent!r:.{_LONGEST_SHOWN}}")

    def told(self) -> str:
        """For whoever mends it."""
        return "".join(
            f"{count} x {what}\n    first {self.first[what]}\n"
            for what, count in self.count.most_common()
        )


class Listening(logging.Handler):
    """Hears everything that is logged, before anything is masked in it."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        """One record."""
        self.records.append(record)

    def broke(self) -> Iterator[str]:
        """What no record may be or hold; they are forgotten then."""
        for record in self.records:
            said = record.getMessage()
            if record.exc_info:
                said += "".join(traceback.format_exception(*record.exc_info))
            if record.levelno >= logging.ERROR:
                yield f"logged by {record.name}: {_place(record)}"
            if _is_private(said):
                yield f"a word or a number in the log of {record.name}: {_place(record)}"
        self.records.clear()


def _place(record: logging.LogRecord) -> str:
    """Where it came from, the same for each of its kind."""
    if not record.exc_info or record.exc_info[0] is None:
        return record.getMessage()[:300]
    frames = traceback.extract_tb(record.exc_info[2])
    places = [f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames]
    return (
        f"{record.exc_info[0].__name__} {str(record.exc_info[1])[:100]} at {' '.join(places[-8:])}"
    )


def faults(sent: Sent, answer: TestResponse, is_over: Callable[[Sent], bool]) -> Iterator[str]:
    """What is wrong with this answer. `is_over`: whether nobody would hear it any more."""
    kind = shape_of(sent.path) if len(sent.path) < 80 else "a long address"
    if answer.status_code >= 500 or answer.status_code < 200:
        yield f"{answer.status_code} at {sent.method} {kind}"
    elif sent.signed and answer.status_code == 200 and "xml" in (answer.content_type or ""):
        rules = schema.MESSAGING if sent.path.startswith("/texts/") else schema.VOICE
        try:
            heard = document.read(answer.data, BASE_URL, rules)
        except TwimlError as problem:
            yield f"no TwiML at {kind}: {problem.code}"
            return
        if heard.warnings:
            yield f"doubtful TwiML at {kind}: {heard.warnings[0]}"
        said = any(map(_is_heard, heard.verbs))
        if is_of_a_caller(sent.path) and not said and not is_over(sent):
            yield f"nothing said at {kind}"
    elif sent.signed and answer.status_code in (401, 405):
        yield f"{answer.status_code} at {kind}"
    leads_to = answer.headers.get("Location", "")
    shown = {each for name, each in sent.fields if name not in _IN_ADDRESSES}
    if not sent.query and any(
        _is_private(each) and each in unquote_plus(leads_to) for each in shown
    ):
        yield f"a word or a number in the address to which {kind} leads"


def _is_private(said: str) -> bool:
    return MARK in said or bool(ANY_NUMBER.search(said.encode("utf-8", "replace")))


def _is_heard(verb: Verb) -> bool:
    if verb.name in ("Dial", "Enqueue", "Redirect", "Play"):
        return True
    return bool(verb.name == "Say" and verb.text) or any(map(_is_heard, verb.children))
