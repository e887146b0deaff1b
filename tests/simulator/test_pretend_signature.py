"""Our signatures against Twilio's own validator, and against its published example."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator

from simulator.signature import signature, signed_url

TOKEN = "a-token"
FORMS = st.dictionaries(
    st.text(st.characters(codec="utf-8"), min_size=1, max_size=12),
    st.text(st.characters(codec="utf-8"), max_size=40),
    max_size=8,
)


def test_the_published_example() -> None:
    # Twilio's docs, "Webhooks security"; its numbers are part of the example.
    form = {
        "CallSid": "CA1234567890ABCDE",
        "Caller": "+14158675310",
        "Digits": "1234",
        "From": "+14158675310",
        "To": "+18005551212",
    }
    url = "https://example.com/myapp.php?foo=1&bar=2"
    assert signature(url, form, "12345") == "L/OH5YylLD5NRKLltdqwSvS0BnU="


@given(FORMS, st.sampled_from(["http", "https"]), st.sampled_from(["", ":8443"]), st.booleans())
def test_twilios_validator_agrees(
    form: dict[str, str], scheme: str, port: str, voice: bool
) -> None:
    url = f"{scheme}://customer.example{port}/calls/incoming?a=%7B%22x%22%7D&b=J%C3%B6rg"
    signed = signature(signed_url(url, voice=voice), form, TOKEN)
    validator = RequestValidator(TOKEN)
    assert validator.validate(url, form, signed)
    assert not RequestValidator("another").validate(url, form, signed)
    assert not validator.validate(url + "x", form, signed)


def test_what_is_signed() -> None:
    url = "https://user:secret@customer.example:8443/x?y=1#rc=2"
    assert signed_url(url, voice=True) == "https://customer.example/x?y=1"
    assert signed_url(url, voice=False) == "https://customer.example:8443/x?y=1"
    plain = "http://127.0.0.1:8000/calls/incoming"
    assert signed_url(plain, voice=True) == plain
