"""The real `twilio` client, talking to the pretend network's REST without a socket."""

from typing import Any

from requests.exceptions import ReadTimeout
from twilio.http import HttpClient

from ivr.twilio.client import Reply
from simulator import Network
from simulator.inprocess import InProcessRest, NoAnswer
from simulator.rest import create_rest_app


class InProcessHttp(HttpClient):
    """Twilio's HTTP layer, in this process; no answer becomes the time-out it would be."""

    def __init__(self, network: Network) -> None:
        super().__init__(None, False, None)
        self._rest = InProcessRest(create_rest_app(network))

    def request(
        self,
        method: str,
        uri: str,
        params: Any = None,
        data: Any = None,
        headers: Any = None,
        auth: Any = None,
        **_options: Any,
    ) -> Reply:
        """One request and its answer."""
        try:
            reply = self._rest.request(
                method, uri, params=params, data=data, headers=headers, auth=auth
            )
        except NoAnswer as error:
            raise ReadTimeout from error
        return Reply(reply.status, reply.body, dict(reply.headers))
