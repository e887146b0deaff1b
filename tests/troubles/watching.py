"""A house that is watched over while virtual time goes by, part by part alive or not."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from helpline.config.following import Following
from helpline.config.limits import Canary
from helpline.watching import heartbeats
from helpline.watching.mail import mailbox
from queue_workers.house import move_into
from queue_workers.watch import Watch
from tests.canary.cage import ADA
from tests.harness import LINE, Helpline
from tests.settings.folders import ENVIRONMENT

NOBODY = "+441632960998"
PARTS = frozenset({heartbeats.WORKER, heartbeats.TEXT_WORKER, heartbeats.CLOCK})


class Watched:
    """A helpline whose clock looks every half minute for what is wrong with the house."""

    # `outside` is our own address; where nothing else is said, one that refuses at once.
    def __init__(
        self,
        helpline: Helpline,
        folder: Path,
        mail: str | None = None,
        outside: str = "http://127.0.0.1:9",
    ) -> None:
        self.helpline = helpline
        self.alive = set(PARTS)
        self.queue_is_well = True
        self.config = folder / "config.yaml"
        self.config.write_bytes(helpline.settings.config_file.read_bytes())
        self.settings = replace(
            helpline.settings,
            public_base_url=outside,
            config_file=self.config,
            backup_folder=folder / "backups",
            mailbox=mailbox(mail) if mail else None,
            config=replace(helpline.config, canary=Canary(NOBODY, (LINE,), emails=(ADA,))),
        )
        self.watch = self.watcher()
        self._following = Following(
            self.settings,
            ENVIRONMENT | {"HELPLINE_CONFIG": str(self.config)},
            lambda: helpline.clock.now().timestamp(),
        )

    def watcher(self) -> Watch:
        """Somebody who watches: the clock, or a worker who stands in for it."""
        move_into(self.helpline.house)
        return Watch(
            self.helpline.house, self.settings, lambda: self.queue_is_well, lambda do: do()
        )

    def looks(self) -> None:
        """One look of the clock."""
        if self._following.has_news():
            self.watch.take_up(self.helpline.house, self._following.settings)
        self.watch.go(self.helpline.clock.now())

    def goes_on(self, look: Callable[[], None] | None = None, **time: float) -> None:
        """Time goes by: whoever is alive beats, and the house is watched (`look`)."""
        end = self.helpline.clock.now() + timedelta(**time)
        while self.helpline.clock.now() < end:
            self.helpline.wait(seconds=30)
            now = self.helpline.clock.now()
            with self.helpline.database.unit_of_work() as session:
                for name in self.alive:
                    heartbeats.beat(session, name, now)
            (look or self.looks)()
