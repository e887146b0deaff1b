"""The real `twilio` client talking to the network's REST in this process."""

from __future__ import annotations

from typing import Any

from requests.exceptions import ReadTimeout
from twilio.http import HttpClient
from twilio.http.response import Response
from twilio.rest import Client

from simulator import Network
from simulator.inprocess import InProcessRest, NoAnswer
from simulator.rest import create_rest_app


class InProcessTwilio(HttpClient):
    """Twilio's HTTP layer, without sockets; no answer becomes requests' own time-out."""

    def __init__(self, network: Network) -> None:
        super().__init__(None, False, None)
        self._rest = InProcessRest(create_rest_app(network))

    def request(self, method: str, url: str, params: Any = None, data: Any = None,
                headers: Any = None, auth: Any = None, **_: Any) -> Response:  # fmt: skip
        try:
            reply = self._rest.request(
                method, url, params=params, data=data, headers=headers, auth=auth
            )
        except NoAnswer as error:
            raise ReadTimeout(str(error)) from error
        return Response(reply.status, reply.body.decode(), dict(reply.headers))


def twilio_client(network: Network, token: str | None = None) -> Client:
    """A client with the network's own credentials, or with another token."""
    return Client(
        network.account_sid, token or network.auth_token, http_client=InProcessTwilio(network)
    )
