"""What gunicorn itself has to say, told with the rest: one line, masked, nobody's secret in it."""

from typing import Any

from gunicorn.glogging import Logger


class WebLogs(Logger):  # type: ignore[misc]
    """Its own logger writes to a stream of its own, past everything that masks."""

    def setup(self, cfg: Any) -> None:
        """Called once, and whenever config.yaml is taken up anew."""
        super().setup(cfg)
        for handler in [*self.error_log.handlers]:
            self.error_log.removeHandler(handler)
        self.error_log.propagate = True

    def exception(self, msg: object, *_: Any, **kwargs: Any) -> None:
        """Without the address that was asked for: it may hold a link's secret, or words."""
        super().exception(str(msg).replace(" %s", ""), **kwargs)
