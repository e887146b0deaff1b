"""Has the line test itself, and tells people by other ways than the line when it fails."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from threading import Thread
from typing import Final
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from helpline import callers, hours, volunteers
from helpline.config.limits import Canary
from helpline.phone_numbers import can_be_texted
from helpline.rules import HOME_ZONE
from helpline.settings import Settings
from helpline.telephony import SaidNo
from helpline.volunteers import first_language
from helpline.watching import canary
from helpline.watching.mail import Mailbox, NotSent
from queue_workers.house import House

log = logging.getLogger(__name__)

LOOKS_EVERY: Final = timedelta(seconds=10)
_PING_SECONDS: Final = 5.0
Apart = Callable[[Callable[[], None]], None]
# Numbers and languages.
People = list[tuple[str, str | None]]


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
            told = [
                (
                    each,
                    canary.line_name(session, each.line) or "",
                    self._whom_to_text(session, test, each.line, at) if each.is_told else [],
                )
                for each in canary.news(session, test, at)
            ]
        for news, name, people in told:
            self._pass_on(test, news, name, people)

    def _pass_on(self, test: Canary, news: canary.News, name: str, people: People) -> None:
        if not news.went_well:
            log.error("the test call to %s failed; it came %s", name, news.how_far)
        elif self._ping is not None:
            self._apart(lambda: ping(self._ping or ""))
        if news.is_told:
            prompt = "canary_well" if news.went_well else "canary_failed"
            self._apart(lambda: self._tell(test, prompt, name, people))

    def _whom_to_text(self, session: Session, test: Canary, line: str, at: datetime) -> People:
        """The coordinators' numbers and languages; nobody's in quiet hours, nor after STOP.

        In the morning they are told by the line, if it fails still (`helpline.watching.troubles`).
        """
        is_quiet = hours.ends_at(self._house.rules.quiet, ZoneInfo(HOME_ZONE), at) > at
        if test.second_number is None or is_quiet:
            return []
        return [
            (each.number, first_language(each.languages))
            for each in volunteers.coordinators_of_line(session, line)
            if can_be_texted(each.number) and not callers.has_opted_out(session, each.number)
        ]

    def _tell(self, test: Canary, prompt: str, line: str, people: People) -> None:
        words = self._house.rules.words
        if test.emails and self._mailbox is not None:
            _write(self._mailbox, test.emails, words.texted(prompt, None, line=line))
        for number, language in people:
            self._text(test, number, words.texted(prompt, language, line=line))

    def _text(self, test: Canary, number: str, words: str) -> None:
        try:
            self._house.telephony.send_text(
                test.second_number or "", number, words, self._house.links.to("/texts/status")
            )
        except SaidNo as no:
            log.warning("a coordinator could not be texted about the test call (%s)", no)


def _write(mailbox: Mailbox, to: tuple[str, ...], words: str) -> None:
    try:
        mailbox.send(to, words)
    except NotSent as why:
        log.warning("nobody could be written to about the test call (%s)", why)


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
