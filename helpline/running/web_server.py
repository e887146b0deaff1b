"""Gunicorn's settings: `gunicorn --config python:helpline.running.web_server 'app:create_app()'`.

Sync workers, because threads bring long tails while SQLite's writers wait their turn. A hosting
platform sets PORT, and WEB_CONCURRENCY if two processes are not the right number; `helpline run`
listens on this machine alone.
"""

import gc
import os
from pathlib import Path

from helpline import visit_times
from helpline.logs import write_logs

# Before anything else is heard of: numbers are masked.
write_logs()
if visit_times.are_wanted(os.environ):
    _root = Path(__file__).resolve().parents[2]
    visit_times.forget_the_dead(_root)
    visit_times.measure(_root)
bind = f"0.0.0.0:{os.environ.get('PORT') or 8000}"
workers = int(os.environ.get("WEB_CONCURRENCY") or 2)
worker_class = "sync"
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
    """What has been imported is looked through for rubbish no more: it took a tenth of a second,
    again and again, of somebody who waited. Workers share more of it, too."""
    gc.collect()
    gc.freeze()
