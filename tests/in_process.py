"""The real `twilio` client, talking to the pretend network's REST without a socket."""

from typing import Any

from requests.exceptions import ReadTimeout
from twilio.http import HttpClient

from ivr.twilio.http import Reply
from simulator import Network
from simulator.inprocess import InProcessRest, NoAnswer
from simulator.rest import create_rest_app
from simulator.rest.app import RestApp

_OUT_OF_USE: list[RestApp] = []


class InProcessHttp(HttpClient):
    """Twilio's HTTP layer, in this process; no answer becomes the time-out it would be."""

    def __init__(self, network: Network) -> None:
        super().__init__(None, False, None)
        # Making one takes as long as many a conversation: one that is no longer used will do.
        self._app = _OUT_OF_USE.pop() if _OUT_OF_USE else create_rest_app(network)
        self._app.move_to(network)
        self._rest = InProcessRest(self._app)

    def close(self) -> None:
        """It is asked no more."""
        _OUT_OF_USE.append(self._app)

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
