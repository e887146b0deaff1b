"""What every job needs, put together once for each process."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from random import SystemRandom

from helpline.config.last_good import settings_to_run_with
from helpline.database import Database, open_engine
from helpline.guarded import Guarded
from helpline.rules import Rules
from helpline.settings import Settings
from helpline.signing_in.codes import Secrets
from helpline.telephony import Telephony
from helpline.watching.wrong_time import TwoClocks
from helpline.words import Words
from ivr.twilio.client import TwilioTelephony
from ivr.twilio.http import Http
from ivr.twilio.twiml import Links

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class House:
    """The rooms that jobs go through. `clock` gives the moment, aware, in UTC."""

    database: Database
    rules: Rules
    telephony: Telephony
    links: Links
    secrets: Secrets
    clock: Callable[[], datetime]
    two_clocks: TwoClocks = field(default_factory=TwoClocks)


class NoHouse(RuntimeError):
    """A job ran where nobody had put the house together: call `move_into` first."""


_here: House | None = None


def move_into(house: House) -> None:
    """From now on, jobs in this process work in this house."""
    global _here
    _here = house


def here() -> House:
    """The house that this process works in. Raises NoHouse."""
    if _here is None:
        raise NoHouse
    return _here


def settings_from(environ: Mapping[str, str] = os.environ) -> Settings:
    """The settings of a worker process. Raises SettingsError with every complaint at once."""
    return settings_to_run_with(environ, root=ROOT)


def build(settings: Settings, nudge: Callable[[str, int], None]) -> House:
    """The real house: the configured database, Twilio's REST, the clock on the wall.

    `nudge(job, row_id)` queues work that is promised in it; it must never raise.
    """
    two_clocks = TwoClocks()
    return House(
        database=Database(open_engine(settings.database_url, settings.data_keys), nudge),
        rules=_rules(settings),
        telephony=_telephony(settings, two_clocks),
        links=Links(settings.public_base_url),
        secrets=Secrets(settings.secret_key),
        clock=_now,
        two_clocks=two_clocks,
    )


def refurnished(house: House, settings: Settings) -> House:
    """The same house by another config.yaml: its words and rules, and whom it may ring."""
    telephony = _telephony(settings, house.two_clocks)
    return replace(house, rules=_rules(settings), telephony=telephony)


def _rules(settings: Settings) -> Rules:
    return Rules(settings.config, Words(settings.config), SystemRandom())


def _telephony(settings: Settings, two_clocks: TwoClocks) -> Telephony:
    twilio = TwilioTelephony(
        settings.twilio_account_sid,
        settings.twilio_auth_token,
        settings.twilio_api_base_url,
        Http(hears_time=lambda theirs: two_clocks.compare(theirs, _now())),
    )
    return Guarded(twilio, settings.config.reach)


def _now() -> datetime:
    return datetime.now(UTC)
