"""Single webhooks, as the network would send them: for what no conversation can bring about."""

from collections.abc import Mapping

from werkzeug.test import TestResponse

from simulator import forms, signature
from tests.harness import BASE_URL, LINE, Helpline

CALL_SID = "CA" + "0" * 31 + "1"
MESSAGE_SID = "SM" + "0" * 31 + "1"
EDNA = "+441632960101"


class Wire:
    """Sends one webhook at a time to a helpline's web side."""

    def __init__(self, helpline: Helpline) -> None:
        self.helpline = helpline
        self._client = helpline.app.test_client()

    def call_form(self, sid: str = CALL_SID, **extras: str) -> dict[str, str]:
        """What a turn of a call carries."""
        facts = forms.CallFacts(self.helpline.network.account_sid, sid, EDNA, LINE)
        return forms.call_form(facts, extras)

    def text_form(self, body: str, sid: str = MESSAGE_SID, number: str = EDNA) -> dict[str, str]:
        """What a text that came in carries."""
        return forms.text_form(
            account_sid=self.helpline.network.account_sid,
            sid=sid,
            from_number=number,
            to_number=LINE,
            body=body,
            media=[],
        )

    def post(
        self, path: str, form: Mapping[str, str], signed_with: str | None = ""
    ) -> TestResponse:
        """Send it; `signed_with` another token than the right one, or None for no signature."""
        token = self.helpline.network.auth_token if signed_with == "" else signed_with
        headers = {}
        if token is not None:
            headers["X-Twilio-Signature"] = signature.signature(BASE_URL + path, form, token)
        return self._client.post(path, base_url=BASE_URL, data=dict(form), headers=headers)
