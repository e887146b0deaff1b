"""What gunicorn itself has to say, told with the rest: one line, masked, nobody's secret in it."""

import re
from typing import Any, Final

from gunicorn.glogging import Logger

# From where it repeats what somebody sent.
_SENT: Final = re.compile(r": b?['\"].*", re.DOTALL)


class WebLogs(Logger):  # type: ignore[misc]
    """Its own logger writes to a stream of its own, past everything that masks."""

    def setup(self, cfg: Any) -> None:
        """Called once, and whenever config.yaml is taken up anew."""
        super().setup(cfg)
        for handler in [*self.error_log.handlers]:
            self.error_log.removeHandler(handler)
        self.error_log.propagate = True

    def warning(self, msg: object, *args: Any, **kwargs: Any) -> None:
        """Of a request that is none, what is wrong with it: in what was sent may be words."""
        super().warning(_SENT.sub("", str(msg)), *args, **kwargs)

    def exception(self, msg: object, *_: Any, **kwargs: Any) -> None:
        """Without the address that was asked for: it may hold a link's secret, or words."""
        super().exception(str(msg).replace(" %s", ""), **kwargs)
