"""An edit with a slip in it: the last good config.yaml stays in use, and what is wrong is said."""

import os
import secrets
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from helpline.config import last_good
from helpline.settings import SettingsError
from tests.settings.folders import ENVIRONMENT, settings_in, with_edits

ROOT = Path(__file__).parents[2]
SLIP = {'talk: "1"': 'talk: "0"'}


def started(folder: Path) -> None:
    """The helpline has started from this folder as it stands."""
    last_good.keep(settings_in(folder))


def test_a_slip_leaves_the_last_good_one_in_use_and_is_told(tmp_path: Path) -> None:
    with_edits(tmp_path, {"within_minutes: 60": "within_minutes: 45"})
    started(tmp_path)
    with_edits(tmp_path, SLIP)
    settings = last_good.settings_to_run_with(ENVIRONMENT, root=tmp_path)
    assert settings.config.callbacks.within.total_seconds() == 45 * 60
    [complaint] = settings.config_complaints
    assert complaint.startswith("config.yaml, line ")


def test_the_first_one_of_all_must_be_good(tmp_path: Path) -> None:
    with_edits(tmp_path, SLIP)
    with pytest.raises(SettingsError) as refused:
        last_good.settings_to_run_with(ENVIRONMENT, root=tmp_path)
    assert len(refused.value.complaints) == 1


def test_a_wrong_environment_is_not_helped_by_it(tmp_path: Path) -> None:
    with_edits(tmp_path, {})
    started(tmp_path)
    with pytest.raises(SettingsError) as refused:
        last_good.settings_to_run_with(ENVIRONMENT | {"SECRET_KEY": "short"}, root=tmp_path)
    assert "SECRET_KEY" in str(refused.value)


def test_what_was_edited_after_it_was_read_is_not_kept_unless_it_is_good(tmp_path: Path) -> None:
    with_edits(tmp_path, {})
    read = settings_in(tmp_path)
    with_edits(tmp_path, SLIP)
    last_good.keep(read)
    with pytest.raises(SettingsError):
        last_good.settings_to_run_with(ENVIRONMENT, root=tmp_path)


def test_a_web_process_started_with_a_slip_answers_calls(tmp_path: Path) -> None:
    for name in ("helpline", "ivr", "queue_workers", "templates"):
        (tmp_path / name).symlink_to(ROOT / name)
    shutil.copy(ROOT / "app.py", tmp_path / "app.py")
    with_edits(tmp_path, {})
    assert _starts(tmp_path) == "200 well"
    with_edits(tmp_path, SLIP)
    assert _starts(tmp_path).startswith("200 config.yaml")


_ASK = """
from app import create_app
from helpline.models import *
from helpline.database import Base
app = create_app()
Base.metadata.create_all(app.extensions["helpline_health"].database.engine)
health = app.test_client().get("/health")
print(health.status_code, health.json["config"])
"""


def _starts(folder: Path) -> str:
    """What /health of a web process says that is started here."""
    told = {**os.environ, **ENVIRONMENT, "TWILIO_AUTH_TOKEN": secrets.token_hex(16)}
    told["REDIS_URL"] = "unix:///nowhere.sock"
    said = subprocess.run(
        [sys.executable, "-c", _ASK],
        cwd=folder,
        env=told,
        capture_output=True,
        check=True,
        text=True,
    )
    return said.stdout.strip()
