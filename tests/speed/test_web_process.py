"""What a web process loads: enough to answer the phone network, not what asks things of it."""

import json
import os
import secrets
import subprocess
import sys
from typing import Any

import pytest

from tests.harness import BASE_URL, ROOT

# What a web process may weigh.
MOST_MEGABYTES = 110
ASK = """
import json, resource, sys
from pathlib import Path
from app import create_app
app = create_app()
pool = app.extensions["helpline_phone"].callers.database.engine.pool
connections = pool.checkedin() + pool.checkedout()
answer = app.test_client().post("/calls/incoming", data={"CallSid": "unsigned"})
# On Linux, ru_maxrss also counts the process that this one was forked from. Elsewhere: bytes.
status = Path("/proc/self/statm")
if status.exists():
    resident = int(status.read_text().split()[1]) * resource.getpagesize()
else:
    resident = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps({
    "status": answer.status_code,
    "modules": list(sys.modules),
    "bytes": resident,
    "connections": connections,
}))
"""


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What a fresh process says of itself once the application has answered in it."""
    told = {
        **os.environ,
        "PUBLIC_BASE_URL": BASE_URL,
        "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
        "TWILIO_AUTH_TOKEN": secrets.token_hex(16),
        "SECRET_KEY": secrets.token_hex(32),
        "DATA_KEYS": secrets.token_hex(32),
        "DATABASE_URL": f"sqlite:///{tmp_path_factory.mktemp('web') / 'helpline.db'}",
        "REDIS_URL": "unix:///nowhere.sock",
    }
    asked = subprocess.run(
        [sys.executable, "-c", ASK], cwd=ROOT, env=told, capture_output=True, check=True, text=True
    )
    answer: dict[str, Any] = json.loads(asked.stdout)
    assert answer["status"] == 403
    return answer


@pytest.mark.parametrize(
    "module", ["twilio.rest", "ivr.twilio.client", "ivr.twilio.http", "requests", "simulator"]
)
def test_what_the_web_process_does_without(loaded: dict[str, Any], module: str) -> None:
    assert module not in loaded["modules"]


def test_it_is_small(loaded: dict[str, Any]) -> None:
    assert loaded["bytes"] / 2**20 < MOST_MEGABYTES


def test_no_connection_is_open_before_gunicorn_forks(loaded: dict[str, Any]) -> None:
    # It would be shared by all the workers, and PostgreSQL's answers go to whoever reads first.
    assert loaded["connections"] == 0
