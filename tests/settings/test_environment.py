"""The environment: what is needed, what is usual, and what is refused, in a coordinator's words."""

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from helpline.config.limits import NONE as NO_LIMITS
from helpline.hours import ends_at
from helpline.running.environment import place_from
from helpline.settings import load_settings
from tests.settings.folders import ENVIRONMENT, SHIPPED, complaints_in, settings_in

ROOT = SHIPPED.parent


def test_what_is_missing_is_said_all_at_once() -> None:
    complaints = complaints_in(
        ROOT,
        PUBLIC_BASE_URL="",
        TWILIO_ACCOUNT_SID=" ",
        TWILIO_AUTH_TOKEN="",
        SECRET_KEY="",
        DATA_KEYS="",
    )

    assert [complaint.split(";")[0] for complaint in complaints] == [
        "environment: PUBLIC_BASE_URL is not set",
        "environment: TWILIO_ACCOUNT_SID is not set",
        "environment: TWILIO_AUTH_TOKEN is not set",
        "environment: SECRET_KEY is not set",
        "environment: DATA_KEYS is not set",
    ]


def test_what_may_be_left_out() -> None:
    settings = settings_in(ROOT)

    assert settings.twilio_api_base_url == "https://api.twilio.com"
    assert settings.database_url == f"sqlite:///{ROOT}/var/helpline.db"
    assert settings.redis_url is None


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("https://helpline.example.org", "https://helpline.example.org"),
        ("https://helpline.example.org/", "https://helpline.example.org"),
        ("https://example.org:8443/valley/line/", "https://example.org:8443/valley/line"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("http://localhost", "http://localhost"),
        ("http://[::1]:8000", "http://[::1]:8000"),
    ],
)
def test_an_address_keeps_its_path_and_loses_its_last_slash(said: str, meant: str) -> None:
    assert settings_in(ROOT, PUBLIC_BASE_URL=said).public_base_url == meant


@pytest.mark.parametrize(
    ("said", "remedy"),
    [
        ("helpline.example.org", "write a whole address"),
        ("ftp://helpline.example.org", "write a whole address"),
        ("https://", "write a whole address"),
        ("http://helpline.example.org", "it must begin with https://"),
        ("http://localhost.example.org", "it must begin with https://"),
        ("https://helpline.example.org/?a=b", "leave out ?"),
        ("https://helpline.example.org/#a", "leave out ?"),
        ("https://ada:password@helpline.example.org", "leave out ?"),
        ("https://help_line.example.org", "Twilio rings no address with _"),
        ("https://example.org:port", "it is no address"),
        ("https://[::1", "it is no address"),
        ("https://helpline.example.org/our line", "leave out spaces"),
        ("https://pomoc.example.org/dzień", "leave out spaces"),
    ],
)
def test_an_address_that_would_not_work_is_refused(said: str, remedy: str) -> None:
    (complaint,) = complaints_in(ROOT, PUBLIC_BASE_URL=said)

    assert complaint.startswith(f"environment: PUBLIC_BASE_URL is wrong: {remedy}")


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("sqlite:///helpline.db", "sqlite:////srv/helpline/helpline.db"),
        ("sqlite:////data/helpline.db", "sqlite:////data/helpline.db"),
        ("sqlite:///:memory:", "sqlite:///:memory:"),
        ("postgres://ada:pw@db/line", "postgresql+psycopg://ada:pw@db/line"),
        ("postgresql://db/line?sslmode=require", "postgresql+psycopg://db/line?sslmode=require"),
        ("postgresql+psycopg://db/line", "postgresql+psycopg://db/line"),
        # Made-up passwords have such letters in them.
        ("postgres://ada:p/w?#@db/line", "postgresql+psycopg://ada:p/w?#@db/line"),
    ],
)
def test_a_database_is_named_as_hosts_name_it(said: str, meant: str, tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_bytes(SHIPPED.read_bytes())

    settings = settings_in(tmp_path, DATABASE_URL=said)

    assert settings.database_url == meant.replace("/srv/helpline", str(tmp_path))


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("DATABASE_URL", "mysql://ada:hunter2@db/line"),
        ("DATABASE_URL", "sqlite:///"),
        ("DATABASE_URL", "postgresql://ada:hunter2@db:port/line"),
        ("DATABASE_URL", "var/hunter2.db"),
        ("REDIS_URL", "http://hunter2:6379"),
        ("REDIS_URL", "hunter2:6379"),
        ("TWILIO_ACCOUNT_SID", "AC-hunter2"),
        ("TWILIO_AUTH_TOKEN", "hunter2 and more"),
        ("TWILIO_SECONDARY_AUTH_TOKEN", "hunter2 and more"),
        ("TWILIO_SHARED_KEYS", "another-key hunter2ö"),
        ("BACKUP_RECIPIENT", "hunter2"),
        ("BACKUPS_KEPT", "hunter2"),
        ("METRICS_PORT", "hunter2"),
        ("SECRET_KEY", "hunter2"),
        ("DATA_KEYS", "hunter2"),
        ("DATA_KEYS", "ab" * 31),
        ("TWILIO_API_BASE_URL", "http://hunter2.example.org"),
    ],
)
def test_what_is_wrong_is_named_and_never_repeated(name: str, said: str) -> None:
    (complaint,) = complaints_in(ROOT, **{name: said})

    assert complaint.startswith(f"environment: {name} is wrong: ")
    assert "hunter2" not in complaint


def test_secrets_are_not_printed() -> None:
    settings = settings_in(
        ROOT,
        TWILIO_AUTH_TOKEN="hunter2-token",
        SECRET_KEY="hunter2-secret-key",
        DATABASE_URL="postgres://ada:hunter2@db/line",
        REDIS_URL="redis://:hunter2@store:6379",
        DATA_KEYS=f"{'ab' * 32},{'cd' * 32}",
        TWILIO_SECONDARY_AUTH_TOKEN="hunter2-next-token",
        TWILIO_SHARED_KEYS="hunter2-shared hunter2-shared-next",
        SMTP_URL="smtps://ada:hunter2@mail.example.org?from=line@example.org",
        CANARY_PING_URL="https://watch.example.org/ping/hunter2",
    )

    printed = f"{settings!r} {settings}"
    assert [each for each in ("hunter2", "abab", "cdcd") if each in printed] == []
    assert settings.twilio_auth_token == "hunter2-token"
    assert settings.redis_url == "redis://:hunter2@store:6379"


def test_another_file_may_be_named(tmp_path: Path) -> None:
    shipped = SHIPPED.read_text(encoding="utf-8")
    elsewhere = tmp_path / "valley.yaml"
    elsewhere.write_text(shipped.replace('"85%"', '"70%"'), encoding="utf-8")

    assert settings_in(ROOT, HELPLINE_CONFIG=str(elsewhere)).config.speaking_rate == "70%"


def test_in_a_rehearsal_there_are_no_quiet_hours_no_holidays_and_no_limits() -> None:
    night = datetime(2026, 3, 3, 23, 0, tzinfo=UTC)
    zone = ZoneInfo("Europe/London")
    real, rehearsal = settings_in(ROOT), settings_in(ROOT, HELPLINE_REHEARSAL="1")

    assert ends_at(real.config.quiet_hours, zone, night) > night
    assert ends_at(rehearsal.config.quiet_hours, zone, night) == night
    assert real.config.hours.holidays
    assert not rehearsal.config.hours.holidays
    assert rehearsal.config.limits == NO_LIMITS != real.config.limits


class Overheard(dict[str, str]):
    """An environment that remembers which of its variables were asked for."""

    def __init__(self, environ: dict[str, str]) -> None:
        super().__init__(environ)
        self.asked: set[str] = set()

    def get(self, name: str, default: str | None = None) -> str | None:  # type: ignore[override]
        self.asked.add(name)
        return super().get(name, default)


def test_every_variable_that_is_asked_for_stands_in_the_readme() -> None:
    environ = Overheard(ENVIRONMENT)
    load_settings(environ, root=ROOT)
    place_from(environ, ROOT)
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    table = readme[readme.index("**Environment.**") : readme.index("**The command**")]
    assert {"PORT", "DATA_KEYS", "METRICS_HOST", "HELPLINE_REHEARSAL"} <= environ.asked
    assert [name for name in sorted(environ.asked) if f"`{name}`" not in table] == []
