"""Every field that is sent stands in the tables, and every table is used."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from simulator import Network, Phone, forms, parameters
from simulator.events import WebhookSent
from simulator.parameters import Parameter, Standing
from tests.simulator.pretend_customer import BASE, LINE, Customer

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
FACTS = forms.CallFacts("AC0", "CA0", "+441632960101", LINE)


def names(*tables: tuple[Parameter, ...]) -> set[str]:
    return {parameter.name for table in tables for parameter in table}


def always(*tables: tuple[Parameter, ...]) -> set[str]:
    return {p.name for table in tables for p in table if not p.when}


@pytest.mark.parametrize(
    ("form", "tables"),
    [
        (forms.call_form(FACTS), [parameters.CALL]),
        (
            forms.call_form(FACTS, forms.gather_extras("1", finished_on="#")),
            [parameters.CALL, parameters.GATHER],
        ),
        (
            forms.call_form(FACTS, forms.speech_extras("Hello?")),
            [parameters.CALL, parameters.SPEECH],
        ),
        (
            forms.call_form(
                FACTS, forms.dial_extras("completed", sid="CA1", seconds=5, bridged=True)
            ),
            [parameters.CALL, parameters.DIAL],
        ),
        (
            forms.call_form(FACTS, forms.record_extras("https://x.example", "RE0", 5, "#")),
            [parameters.CALL, parameters.RECORD],
        ),
        (
            forms.call_form(FACTS, forms.progress_extras(3, AT, seconds=61, sip_code=200)),
            [parameters.CALL, parameters.CALL_PROGRESS],
        ),
        (
            forms.recording_status_form(
                account_sid="AC0",
                call_sid="CA0",
                sid="RE0",
                url="https://x.example",
                seconds=5,
                started_at=AT,
            ),
            [parameters.RECORDING_STATUS],
        ),
        (
            forms.text_form(
                account_sid="AC0",
                sid="SM0",
                from_number="+447700900101",
                to_number=LINE,
                body="Hello",
                media=[("https://x.example", "image/jpeg")],
            ),
            [parameters.TEXT_IN],
        ),
        (
            forms.text_status_form(
                account_sid="AC0",
                sid="SM0",
                from_number=LINE,
                to_number="+447700900101",
                status="undelivered",
                at=AT,
                error_code=30006,
                service_sid="MG0",
            ),
            [parameters.TEXT_STATUS],
        ),
    ],
)
def test_a_form_has_what_is_always_sent_and_nothing_unlisted(
    form: dict[str, str], tables: list[tuple[Parameter, ...]]
) -> None:
    assert set(form) <= names(*tables)
    assert always(*tables) - set(form) <= {"ErrorCode"}
    assert list(form) == sorted(form)  # observed: real requests are in this order


def test_everything_a_whole_conversation_sends_is_listed(
    customer: Customer, network: Network, edna: Phone, ada: Phone
) -> None:
    network.add_number(
        LINE, voice=f"{BASE}/voice", sms=f"{BASE}/text", status_callback=f"{BASE}/status"
    )
    customer.says("/voice", '<Gather numDigits="1" action="/menu"/>')
    customer.says("/menu", f'<Dial action="/after"><Number url="/w">{ada.number}</Number></Dial>')
    customer.says(
        "/after", '<Record action="/done" recordingStatusCallback="/kept" finishOnKey="#"/>'
    )
    customer.says("/done", "<Enqueue waitUrl='/wait' action='/left'>q</Enqueue>")
    customer.says("/wait", "<Pause length='3'/><Leave/>")
    call = edna.calls(LINE).presses("1")
    ada.rings().picks_up().waits(3).hangs_up()
    call.waits(1).says("Hello", seconds=3).presses("#").waits(10)
    ada.texts(LINE, "Hello")
    known = names(*parameters.TABLES.values())
    hooks = network.log.of(WebhookSent)
    assert {hook.about for hook in hooks} >= {
        "voice", "action", "screening", "recording-status", "queue-wait", "call-status", "text",
    }  # fmt: skip
    for hook in hooks:
        assert set(hook.form) <= known, hook.about
    assert network.errors == []


def test_no_parameter_is_listed_twice_in_a_table() -> None:
    for table in parameters.TABLES.values():
        listed = [parameter.name for parameter in table]
        assert len(listed) == len(set(listed))
    standings = {p.standing for table in parameters.TABLES.values() for p in table}
    assert standings <= set(Standing)


def test_dates_are_twilios() -> None:
    assert forms.rfc2822(AT) == "Mon, 02 Mar 2026 09:00:00 +0000"


def test_countries_are_told_by_their_codes() -> None:
    assert [forms.country(n) for n in ("+441632960000", "+48000", "+15005550006", "anonymous")] == [
        "GB",
        "PL",
        "US",
        "",
    ]
