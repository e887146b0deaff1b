"""Gunicorn's settings: `gunicorn --config python:helpline.running.web_server 'app:create_app()'`.

Workers that answer one after the other, because threads bring long tails while SQLite's writers
wait their turn; each hears several at once (`patient_worker`). A hosting platform sets PORT, and
WEB_CONCURRENCY if two processes are not the right number; `helpline run` listens on this machine
alone.
"""

import atexit
import gc
import logging
import os
import signal
from pathlib import Path
from typing import Any, Final

from helpline.config.following import Edits
from helpline.logs import write_logs
from helpline.settings import SettingsError
from helpline.watching import visit_times

# Before anything else is heard of: numbers are masked.
write_logs()
log = logging.getLogger(__name__)
_root = Path(__file__).resolve().parents[2]
# Before the application reads it, so that no edit falls in between.
_edits = Edits(_root / (os.environ.get("HELPLINE_CONFIG", "").strip() or "config.yaml"))
_LOOKS_EVERY_SECONDS: Final = 1.0
if visit_times.are_wanted(os.environ):
    visit_times.forget_the_dead(_root)
    visit_times.measure(_root)
bind = f"0.0.0.0:{os.environ.get('PORT') or 8000}"
workers = int(os.environ.get("WEB_CONCURRENCY") or 2)
worker_class = "helpline.running.patient_worker.PatientWorker"
logger_class = "helpline.running.web_logs.WebLogs"
# Twilio hangs up on a webhook after 15 s. Whoever takes longer is stuck: replace them.
timeout = 20
graceful_timeout = 4
# Workers share what the application imported, so they are small and are there at once.
preload_app = True
loglevel = "warning"
control_socket_disable = True
if os.access("/dev/shm", os.W_OK):  # noqa: S108
    # The workers' heartbeat must not wait for a busy disk.
    worker_tmp_dir = "/dev/shm"  # noqa: S108


def when_ready(_server: object) -> None:
    """The application is there: from now on it is looked whether config.yaml was edited.

    By the master, which answers nobody; its workers do not inherit the timer. A thread would be
    in the way of its forks.
    """
    _stand_still()
    signal.signal(signal.SIGALRM, _look_for_an_edit)
    signal.setitimer(signal.ITIMER_REAL, _LOOKS_EVERY_SECONDS, _LOOKS_EVERY_SECONDS)
    # Python takes its handlers away before it ends, and the next one would kill it.
    atexit.register(signal.setitimer, signal.ITIMER_REAL, 0)


def _look_for_an_edit(*_: object) -> None:
    if _edits.one_is_done():
        os.kill(os.getpid(), signal.SIGHUP)


def on_reload(server: Any) -> None:
    """SIGHUP: make the application anew, by config.yaml as it is now, for workers that begin.

    Those that work go on meanwhile, end what they are answering, and go; nobody is turned away.
    Gunicorn itself would keep the application that was loaded before the workers.
    """
    serving, server.app.callable = server.app.callable, None
    gc.unfreeze()
    try:
        server.app.wsgi()
    except SettingsError as error:
        server.app.callable = serving
        log.warning("what runs goes on as it was: %s", "; ".join(error.complaints))
    del serving
    _stand_still()


def _stand_still() -> None:
    """What has been imported is looked through for rubbish no more: it took a tenth of a second,
    again and again, of somebody who waited. Workers share more of it, too."""
    gc.collect()
    gc.freeze()
