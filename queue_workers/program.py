"""What the worker and the clock have in common as programs: settings, logs, and complaints."""

import os
import sys

from helpline.logs import write_logs
from helpline.settings import Settings, SettingsError
from queue_workers.house import settings_from


def begin(program: str) -> Settings:
    """Start logging and read the settings; with complaints, say them all and exit with 2."""
    write_logs()
    try:
        settings = settings_from(os.environ)
    except SettingsError as error:
        complaints = error.complaints
    else:
        if settings.redis_url is not None:
            return settings
        complaints = [
            f"environment: REDIS_URL is not set; the {program} needs the address of the queue's "
            "store (`helpline run` starts one and sets it)"
        ]
    for complaint in complaints:
        sys.stderr.write(f"{complaint}\n")
    sys.exit(2)
