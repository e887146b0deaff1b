"""Has the line test itself, and tells people by other ways than the line when it fails."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from threading import Thread
from typing import Final
from urllib.parse import urlsplit

from sqlalchemy.exc import SQLAlchemyError

from helpline.config.limits import Canary
from helpline.settings import Settings
from helpline.watching import canary
from helpline.watching.mail import WRITES_AGAIN, Mailbox, NotSent
from queue_workers import jobs
from queue_workers.house import House

log = logging.getLogger(__name__)

LOOKS_EVERY: Final = timedelta(seconds=10)
_PING_SECONDS: Final = 5.0
Apart = Callable[[Callable[[], None]], None]


def in_a_thread(do: Callable[[], None]) -> None:
    """So that the clock does not stand still while a mail server thinks."""
    Thread(target=do, daemon=True).start()


class CanaryKeeper:
    """Starts a test call when it is time, and tells what became of it; two do no harm."""

    def __init__(self, house: House, settings: Settings, apart: Apart = in_a_thread) -> None:
        self._house = house
        self._canary = settings.config.canary
        self._mailbox = settings.mailbox
        self._ping = settings.canary_ping_url
        self._apart = apart
        self._not_before: datetime | None = None
        # Of each test call: when a letter about it is tried again, if it has not gone by then.
        self._letter_not_before: dict[int, datetime] = {}

    def take_up(self, house: House, settings: Settings) -> None:
        """config.yaml was edited: the same house, by what it says now."""
        self._house = house
        self._canary = settings.config.canary

    def go(self, at: datetime) -> None:
        """Look, if it is time; returns at once, and never raises."""
        test = self._canary
        if test is None:
            return
        if self._not_before is not None and at < self._not_before <= at + LOOKS_EVERY:
            return
        self._not_before = at + LOOKS_EVERY
        try:
            self._look(test, at)
        except SQLAlchemyError as error:
            # The ping that does not come tells whoever watches from outside.
            log.warning(
                "the line cannot test itself: the database fails (%s)", type(error).__name__
            )

    def _look(self, test: Canary, at: datetime) -> None:
        with self._house.database.unit_of_work() as session:
            canary.start(session, test, at)
            canary.give_up(session, at)
            found = [
                (each, canary.line_name(session, each.line) or "")
                for each in canary.news(session, test, at)
            ]
            for news, _ in found:
                if news.is_told:
                    canary.tell(session, self._house.rules, news, at)
                # Of what is to be written it is told once it is: a clock may die before.
                if self._mailbox_for(test, news) is None:
                    canary.told(session, news.run_id, at)
            stranded = [*canary.due_texts(session, at)]
        for news, name in found:
            self._pass_on(test, news, name, at)
        if stranded:
            # No worker may be there to do it, and that be all that is wrong.
            self._apart(lambda: _send(stranded))

    def _mailbox_for(self, test: Canary, news: canary.News) -> Mailbox | None:
        return self._mailbox if news.is_told and test.emails else None

    def _pass_on(self, test: Canary, news: canary.News, name: str, at: datetime) -> None:
        not_before = self._letter_not_before.get(news.run_id)
        if not_before is None:
            self._say(news, name)
        mailbox = self._mailbox_for(test, news)
        if mailbox is None or (not_before is not None and at < not_before):
            return
        self._letter_not_before[news.run_id] = at + WRITES_AGAIN
        words = self._house.rules.words.texted(news.prompt, None, line=name)
        self._apart(lambda: self._write(mailbox, test.emails, words, news.run_id))

    def _say(self, news: canary.News, name: str) -> None:
        if not news.went_well:
            log.error("the test call to %s failed; it came %s", name, news.how_far)
        elif self._ping is not None:
            self._apart(lambda: ping(self._ping or ""))

    def _write(self, mailbox: Mailbox, to: tuple[str, ...], words: str, run_id: int) -> None:
        try:
            mailbox.send(to, words)
            with self._house.database.unit_of_work() as session:
                canary.told(session, run_id, self._house.clock())
        except NotSent as why:
            log.warning("nobody could be written to about the test call (%s)", why)
        except SQLAlchemyError as error:
            log.warning("a letter may come twice: the database fails (%s)", type(error).__name__)


def _send(texts: list[int]) -> None:
    try:
        for text_id in texts:
            jobs.send_text(text_id)
    except SQLAlchemyError as error:
        log.warning(
            "a text about the test call waits: the database fails (%s)", type(error).__name__
        )


def ping(address: str) -> None:
    """Let somebody outside know that all is well: a GET that says nothing, and follows nowhere."""
    parts = urlsplit(address)
    of = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    connection = of(parts.netloc, timeout=_PING_SECONDS)
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("GET", path, headers={"User-Agent": "helpline"})
        status = connection.getresponse().status
        if status >= 400:
            log.warning("the address that is told of good test calls answered %s", status)
    except (OSError, HTTPException) as error:
        log.warning("the address that is told of good test calls: %s", type(error).__name__)
    finally:
        connection.close()
