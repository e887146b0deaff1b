"""How webhooks travel: retries, redirects, cookies, fallbacks, and what counts as a bad answer."""

from __future__ import annotations

from datetime import timedelta

import pytest
from twilio.rest import Client

from simulator import Network, Phone, VirtualClock
from simulator.events import WebhookSent
from simulator.records import Hook
from simulator.speech import TWILIO_APOLOGY
from simulator.twiml.document import LARGEST
from tests.simulator.pretend_customer import BASE, LINE, Customer


def sent(network: Network) -> list[tuple[str, int]]:
    return [(hook.url.removeprefix(BASE), hook.status) for hook in network.log.of(WebhookSent)]


@pytest.mark.parametrize(
    ("status", "body", "content_type", "code"),
    [
        (500, "<Response/>", "text/xml", 11200),
        (403, "", "text/html", 11200),
        (200, "<Response/>", None, 12300),
        (200, "", None, 12300),
        (200, '{"say": "hello"}', "application/json", 12300),
        (200, "<Response><Say>no end</Response>", "text/xml", 12100),
        (200, "<Response><Say>fish & chips</Say></Response>", "text/xml", 12100),
        (200, ' <?xml version="1.0"?><Response/>', "text/xml", 12100),
        (200, "<response/>", "text/xml", 12100),
        (200, "", "text/xml", 12100),
        (200, f"<Response><Say>{'a' * LARGEST}</Say></Response>", "text/xml", 11750),
        (200, "<Response><Connect/></Response>", "text/xml", 12200),
    ],
)
def test_a_bad_answer_is_heard_recorded_and_ends_the_call(
    customer: Customer,
    network: Network,
    edna: Phone,
    status: int,
    body: str,
    content_type: str | None,
    code: int,
) -> None:
    headers = {} if content_type is None else {"Content_Type": content_type}
    customer.answers("/voice", status, body, **headers)
    call = edna.calls(LINE)
    assert [str(heard) for heard in call.hears()] == [TWILIO_APOLOGY]
    assert call.is_over
    assert [error.code for error in network.errors] == [code]


@pytest.mark.parametrize("kind", ["text/xml", "application/xml; charset=utf-8", "text/html"])
def test_twiml_is_taken_in_several_types(customer: Customer, edna: Phone, kind: str) -> None:
    customer.answers("/voice", 200, "<Response><Say>Hello.</Say></Response>", Content_Type=kind)
    assert [str(heard) for heard in edna.calls(LINE).hears()] == ["Hello."]


def test_plain_text_is_read_aloud_and_audio_is_played(customer: Customer, edna: Phone) -> None:
    customer.answers("/voice", 200, "Just words.", Content_Type="text/plain")
    call = edna.calls(LINE)
    assert [str(heard) for heard in call.hears()] == ["Just words."]
    customer.answers("/voice", 200, "x" * 8000, Content_Type="audio/mpeg")
    call = edna.calls(LINE)
    assert [heard.url for heard in call.hears()] == [f"{BASE}/voice"]
    customer.answers("/voice", 204, "")
    assert edna.calls(LINE).status == "completed"


def test_odd_verbs_and_attributes_are_passed_over_with_a_warning(
    customer: Customer, network: Network, edna: Phone
) -> None:
    customer.says("/voice", '<say>small</say><Say speed="2">Hello.</Say><Gather><Dial/></Gather>')
    call = edna.calls(LINE)
    assert [str(heard) for heard in call.hears()] == ["Hello."]
    assert network.errors == []
    assert [warning.code for warning in network.warnings] == [12200, 12200, 12200]


def test_a_wrong_number_in_an_attribute_is_a_warning(
    customer: Customer, network: Network, edna: Phone
) -> None:
    customer.says("/voice", "<Pause length='soon'/><Gather timeout='9999' action='/x'/>")
    edna.calls(LINE).waits(20)
    assert len(network.warnings) == 2


def test_a_failing_url_goes_to_its_fallback_with_the_reason(
    customer: Customer, network: Network, edna: Phone
) -> None:
    network.add_number(LINE, voice=f"{BASE}/voice", voice_fallback=f"{BASE}/fallback")
    customer.says("/voice", '<Gather numDigits="1" action="/broken"/>')
    customer.answers("/broken", 502, "")
    customer.says("/fallback", "<Say>Please bear with us.</Say>")
    call = edna.calls(LINE).presses("1")
    form = customer.form("/fallback")
    assert (form["ErrorCode"], form["ErrorUrl"]) == ("11200", f"{BASE}/broken")
    assert form["CallSid"] == call.sid
    assert [str(heard) for heard in call.hears()] == ["Please bear with us."]


def test_a_fallback_that_fails_too_ends_with_the_apology(
    customer: Customer, network: Network, edna: Phone
) -> None:
    network.add_number(LINE, voice=f"{BASE}/voice", voice_fallback=f"{BASE}/fallback")
    customer.answers("/voice", 500, "")
    customer.answers("/fallback", 500, "")
    assert [str(heard) for heard in edna.calls(LINE).hears()] == [TWILIO_APOLOGY]
    assert customer.paths() == ["/voice", "/fallback"]


def test_a_refused_connection_is_tried_once_more_with_the_same_token(
    customer: Customer, network: Network, edna: Phone
) -> None:
    customer.says("/voice", "<Say>Hello.</Say>")
    network.faults.webhooks("refused")
    edna.calls(LINE)
    assert sent(network) == [("/voice", 0), ("/voice", 200)]
    network.faults.webhooks("refused", times=2)
    call = edna.calls(LINE)
    assert [error.code for error in network.errors] == [11205]
    assert [str(heard) for heard in call.hears()] == [TWILIO_APOLOGY]


def test_nothing_is_tried_again_after_an_error_or_a_time_out(
    customer: Customer, network: Network, edna: Phone, clock: VirtualClock
) -> None:
    customer.answers("/voice", 503, "")
    edna.calls(LINE)
    assert sent(network) == [("/voice", 503)]
    network.faults.webhooks("slow", seconds=16)
    began = clock.now()
    call = edna.calls(LINE)
    assert len(customer.forms("/voice")) == 2  # the server did its work
    call.hears()
    assert clock.now() - began > timedelta(seconds=15)
    assert [error.code for error in network.errors] == [11200, 11200]


def test_an_answer_within_fifteen_seconds_is_in_time(
    customer: Customer, network: Network, edna: Phone, clock: VirtualClock
) -> None:
    customer.says("/voice", "<Say>Hello.</Say>")
    network.faults.webhooks("slow", seconds=14)
    call = edna.calls(LINE)
    assert call.heard == []
    clock.advance(14)
    assert [str(heard) for heard in call.heard] == ["Hello."]
    assert network.errors == []


@pytest.mark.parametrize(
    ("fragment", "fault", "attempts"),
    [
        ("#rc=3&rp=5xx", "broken", 4),
        ("#rc=0", "refused", 1),
        ("#rc=5&rp=ct", "refused", 6),
        ("#rc=2&rp=all", "broken", 3),
        ("#rc=2&rp=4xx", "broken", 1),
        ("#rc=9&rp=ct", "refused", 2),
        ("#rc=2&rp=rt&rt=5000", "slow", 3),
        ("#rc=5&rp=rt&rt=5000&tt=9000", "slow", 2),
    ],
)
def test_connection_overrides_are_obeyed_and_never_sent(
    network: Network, edna: Phone, fragment: str, fault: str, attempts: int
) -> None:
    network.add_number(LINE, voice=f"{BASE}/voice{fragment}")
    network.faults.webhooks(fault, times=None)  # type: ignore[arg-type]
    edna.calls(LINE).waits(60)
    hooks = network.log.of(WebhookSent)
    assert len(hooks) == attempts
    assert {hook.url for hook in hooks} == {f"{BASE}/voice"}


def test_retries_share_a_token_and_other_requests_do_not(
    customer: Customer, network: Network, edna: Phone
) -> None:
    network.add_number(LINE, voice=f"{BASE}/voice#rc=1&rp=5xx")
    customer.answers("/voice", 500, "")
    edna.calls(LINE)
    edna.calls(LINE)
    tokens = [asked.headers["I_TWILIO_IDEMPOTENCY_TOKEN"] for asked in customer.asked]
    assert len(tokens) == 4
    assert len(set(tokens)) == 2


def test_redirects_are_followed_and_lose_the_form_unless_they_say_otherwise(
    customer: Customer, network: Network, edna: Phone
) -> None:
    customer.answers("/voice", 302, "", Location="/moved")
    customer.says("/moved", "<Say>Hello.</Say>")
    edna.calls(LINE)
    assert [(a.path, a.method, bool(a.form)) for a in customer.asked] == [
        ("/voice", "POST", True),
        ("/moved", "GET", False),
    ]
    customer.asked.clear()
    customer.answers("/voice", 307, "", Location="/moved")
    edna.calls(LINE)
    assert [(a.path, a.method, bool(a.form)) for a in customer.asked] == [
        ("/voice", "POST", True),
        ("/moved", "POST", True),
    ]
    customer.answers("/voice", 302, "", Location="/voice")
    edna.calls(LINE)
    assert [error.code for error in network.errors] == [11215]


def test_cookies_are_kept_for_the_call_and_no_longer(customer: Customer, edna: Phone) -> None:
    customer.answers(
        "/voice",
        200,
        "<Response><Redirect>/second</Redirect></Response>",
        Content_Type="text/xml",
        Set_Cookie="step=menu; Path=/; HttpOnly",
    )
    customer.says("/second", "<Hangup/>")
    edna.calls(LINE)
    edna.calls(LINE)
    cookies = [(asked.path, asked.headers.get("COOKIE", "")) for asked in customer.asked]
    assert cookies == [("/voice", ""), ("/second", "step=menu")] * 2


def test_a_webhook_by_get_carries_everything_in_the_url(
    customer: Customer, network: Network, edna: Phone
) -> None:
    network.add_number(LINE, voice=Hook(f"{BASE}/voice?name=J%C3%B6rg", "GET"))
    edna.calls(LINE)
    (asked,) = customer.asked
    assert (asked.method, asked.form["name"], asked.form["From"]) == ("GET", "Jörg", edna.number)
    assert asked.signed


def test_relative_urls_stand_by_the_document_they_are_in(
    customer: Customer, network: Network, edna: Phone
) -> None:
    network.add_number(LINE, voice=f"{BASE}/calls/incoming?line=1")
    customer.says("/calls/incoming", "<Redirect>menu?a=1&amp;b=2</Redirect>")
    customer.says("/calls/menu", "<Redirect>../other</Redirect>")
    customer.says("/other", "<Redirect>https://customer.example/whole</Redirect>")
    edna.calls(LINE)
    assert customer.paths() == ["/calls/incoming", "/calls/menu", "/other", "/whole"]
    assert "/calls/menu?a=1&b=2" in [url for url, _ in sent(network)]


@pytest.mark.parametrize("url", ["ftp://customer.example/x", "https://under_score.example/x"])
def test_an_impossible_url_is_11100(
    customer: Customer, network: Network, edna: Phone, url: str
) -> None:
    customer.says("/voice", f"<Redirect>{url}</Redirect>")
    edna.calls(LINE)
    assert [error.code for error in network.errors] == [11100]


def test_a_host_nobody_listens_at_is_11205(
    customer: Customer, network: Network, edna: Phone
) -> None:
    customer.says("/voice", "<Redirect>https://nobody.example/x</Redirect>")
    edna.calls(LINE)
    assert [error.code for error in network.errors] == [11205]


def test_twiml_by_rest_has_no_place_for_relative_urls(
    network: Network, twilio: Client, ada: Phone
) -> None:
    twiml = "<Response><Gather numDigits='1' action='/chosen'/></Response>"
    twilio.calls.create(to=ada.number, from_=LINE, twiml=twiml)
    ada.rings().picks_up().presses("1").waits(10)
    assert [error.code for error in network.errors] == [11100]


def test_callbacks_late_twice_lost_and_overtaken(
    customer: Customer, network: Network, twilio: Client, ada: Phone, clock: VirtualClock
) -> None:
    def statuses() -> list[str]:
        del customer.asked[:]
        url = f"{BASE}/told"
        twilio.messages.create(to=ada.number, from_=LINE, body="Hello", status_callback=url)
        clock.advance(300)
        return [form["MessageStatus"] for form in customer.forms("/told")]

    assert statuses() == ["sent", "delivered"]
    network.faults.callbacks("late", about="text-status")
    assert statuses() == ["delivered", "sent"]
    network.faults.callbacks("twice", seconds=60)
    assert statuses() == ["sent", "delivered", "sent"]
    network.faults.callbacks("lost")
    assert statuses() == ["delivered"]
    network.faults.callbacks("swapped")
    assert statuses() == ["delivered", "sent"]
    network.faults.callbacks("lost", about="call-status", times=None)
    assert statuses() == ["sent", "delivered"]
    network.faults.clear()


def test_a_callback_that_is_refused_is_tried_again_and_then_let_go(
    customer: Customer, network: Network, twilio: Client, ada: Phone, clock: VirtualClock
) -> None:
    network.faults.webhooks("refused", times=2, about="text-status")
    url = f"{BASE}/told"
    twilio.messages.create(to=ada.number, from_=LINE, body="Hello", status_callback=url)
    clock.advance(60)
    assert [form["MessageStatus"] for form in customer.forms("/told")] == ["delivered"]
    assert [hook.status for hook in network.log.of(WebhookSent)] == [0, 0, 200]
