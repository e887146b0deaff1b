"""`helpline sign-in-link`: a way in, from the terminal of whoever runs the machine."""

import pytest

from tests.cli.typing_in import Terminal
from tests.harness import BASE_URL, Helpline


@pytest.fixture(autouse=True)
def environment(helpline: Helpline, monkeypatch: pytest.MonkeyPatch) -> None:
    """The helpline's own, as on the machine where it runs."""
    monkeypatch.setenv("PUBLIC_BASE_URL", BASE_URL)
    monkeypatch.setenv("TWILIO_ACCOUNT_SID", helpline.network.account_sid)
    monkeypatch.setenv("TWILIO_AUTH_TOKEN", helpline.network.auth_token)
    monkeypatch.setenv("SECRET_KEY", helpline.settings.secret_key)


def test_the_link_signs_its_person_in_once(helpline: Helpline, beside: Terminal) -> None:
    helpline.coordinator("Carol Shaw")
    link = beside.types("sign-in-link 'carol  shaw'").strip()
    assert link.startswith(f"{BASE_URL}/sign-in/link/")
    browser = helpline.app.test_client()
    page = browser.get(link.removeprefix(BASE_URL), base_url=BASE_URL)
    assert page.status_code == 200
    assert helpline.app.test_client().get("/me/visits").status_code == 302


def test_somebody_who_is_not_on_record_gets_none(helpline: Helpline, beside: Terminal) -> None:
    helpline.coordinator("Carol")
    helpline.volunteer("Ada")
    told = beside.types("sign-in-link Zoe", exit_code=2)
    assert told == "Nobody called Zoe is on record. Coordinators: Carol.\n"
