"""Puts the house together: the one file that knows every room, and where real things are chosen."""

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from random import Random, SystemRandom

from flask import Flask
from sqlalchemy import Engine

from helpline.config import last_good
from helpline.database import Database, open_engine
from helpline.rules import Rules
from helpline.settings import Settings
from helpline.signing_in.codes import Secrets
from helpline.web import at_home
from helpline.web.front import FrontPage
from helpline.web.health import HealthPage
from helpline.web.house import PagesHouse
from helpline.web.limits import Limits, PageLimits
from helpline.web.pages import open_pages
from helpline.web.row_ids import RowId
from helpline.words import Words
from ivr import flows
from ivr.canary_turns import CanaryTurns
from ivr.last_resort import LastResort
from ivr.progress import Progress
from ivr.telling_turns import TellingTurns
from ivr.text_turns import TextTurns
from ivr.turns import CallerTurns, flow_of
from ivr.twilio.signature import Signatures
from ivr.twilio.twiml import Links
from ivr.volunteer_turns import VolunteerTurns
from ivr.webhooks import PhoneDoor
from queue_workers.queue import RedisQueue

Clock = Callable[[], datetime]
Nudge = Callable[[str, int], None]

ROOT = Path(__file__).parent


def now() -> datetime:
    """The moment, in UTC; everywhere else it is an argument."""
    return datetime.now(UTC)


def create_app(
    settings: Settings | None = None,
    *,
    clock: Clock = now,
    nudge: Nudge | None = None,
    chance: Random | None = None,
) -> Flask:
    """The web side: webhooks and pages. Raises SettingsError with every complaint at once.

    `nudge(job, row_id)` queues work, on Redis unless something else is given.
    """
    app = Flask(__name__, static_folder=None)
    told = settings or last_good.settings_to_run_with(os.environ, root=ROOT)
    rules = Rules(told.config, Words(told.config), chance or SystemRandom())
    flows.prove(rules)
    furnish(app, told, rules, clock=clock, nudge=nudge)
    if settings is None:
        last_good.keep(told)
    return app


def furnish(
    app: Flask,
    settings: Settings,
    rules: Rules,
    *,
    clock: Clock = now,
    nudge: Nudge | None = None,
    engine: Engine | None = None,
) -> None:
    """Open every door of a helpline in this application; one that stood in it before is gone.

    `rules` are the settings' own, proved sound; `engine` leads to their database, where somebody
    has opened it already.
    """
    queue = RedisQueue(settings)
    engine = engine or open_engine(settings.database_url, settings.data_keys)
    database = Database(engine, nudge or queue.nudge)
    app.secret_key = settings.secret_key
    at_home.settle(app, settings.public_base_url)
    app.url_map.converters["int"] = RowId
    phone_door(settings, rules, database, clock).open_in(app)
    FrontPage(database, rules).open_in(app)
    config_is_good, backs_up = not settings.config_complaints, settings.backup_folder is not None
    HealthPage(database, clock, queue.is_well, config_is_good, backs_up).open_in(app)
    open_pages(app, pages_house(settings, rules, database, clock))


def phone_door(settings: Settings, rules: Rules, database: Database, clock: Clock) -> PhoneDoor:
    """What answers the phone network."""
    links, flow = Links(settings.public_base_url), flow_of(rules)
    tokens, test = [settings.twilio_auth_token], settings.config.canary
    if settings.twilio_secondary_auth_token:
        tokens.append(settings.twilio_secondary_auth_token)
    return PhoneDoor(
        signatures=Signatures(settings.public_base_url, tokens, settings.twilio_shared_keys),
        clock=clock,
        callers=CallerTurns(database, rules, links, flow),
        volunteers=VolunteerTurns(database, rules, links),
        tellings=TellingTurns(database, rules, Secrets(settings.secret_key), links),
        texts=TextTurns(database, rules),
        progress=Progress(database, rules, flow),
        last_resort=LastResort(rules, links),
        recordings=settings.root / "recordings",
        canary=CanaryTurns(database, rules, links, flow, test) if test else None,
    )


def pages_house(settings: Settings, rules: Rules, database: Database, clock: Clock) -> PagesHouse:
    """What the pages go through."""
    return PagesHouse(
        database=database,
        rules=rules,
        secrets=Secrets(settings.secret_key),
        clock=clock,
        base_url=settings.public_base_url,
        limits=Limits(settings.redis_url),
        page_limits=PageLimits(),
    )
