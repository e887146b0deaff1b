"""A scripted customer of the network: paths that answer with TwiML, every request kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from twilio.request_validator import RequestValidator

LINE = "+441632960000"
BASE = "https://customer.example"


@dataclass(frozen=True)
class Asked:
    """One request that came, and whether Twilio's own validator accepts its signature."""

    path: str
    method: str
    form: dict[str, str]
    headers: dict[str, str]
    signed: bool


class Customer:
    """Answers each path with its TwiML, in turn; the last answer stays."""

    def __init__(self, token: str, base: str = BASE) -> None:
        self.base = base
        self.asked: list[Asked] = []
        self._validator = RequestValidator(token)
        self._answers: dict[str, list[tuple[int, dict[str, str], str]]] = {}

    def says(self, path: str, *twiml: str) -> None:
        """Answer `path` with the inside of a <Response>."""
        self._answers[path] = [(200, {"Content-Type": "text/xml"}, wrap(text)) for text in twiml]

    def answers(self, path: str, status: int, body: str, **headers: str) -> None:
        """Answer `path` with this, as it is."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self._answers[path] = [(status, named, body)]

    def forms(self, path: str) -> list[dict[str, str]]:
        return [asked.form for asked in self.asked if asked.path == path]

    def form(self, path: str) -> dict[str, str]:
        """The form of the one request to `path`."""
        (form,) = self.forms(path)
        return form

    def paths(self) -> list[str]:
        return [asked.path for asked in self.asked]

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)).decode()
        path, query = environ["PATH_INFO"], environ["QUERY_STRING"]
        form = dict(parse_qsl(body, keep_blank_values=True))
        headers = {k[5:]: v for k, v in environ.items() if k.startswith("HTTP_")}
        url = f"{environ['wsgi.url_scheme']}://{environ['HTTP_HOST']}{path}"
        signed = self._validator.validate(
            url + ("?" + query if query else ""), form, headers["X_TWILIO_SIGNATURE"]
        )
        in_url = dict(parse_qsl(query, keep_blank_values=True))
        method = environ["REQUEST_METHOD"]
        self.asked.append(Asked(path, method, form or in_url, headers, signed))
        return self._answer(path, start_response)

    def _answer(self, path: str, start_response: Any) -> list[bytes]:
        answers = self._answers.get(path, [(200, {"Content-Type": "text/xml"}, wrap(""))])
        status, headers, answer = answers.pop(0) if len(answers) > 1 else answers[0]
        start_response(f"{status} Whatever", list(headers.items()))
        return [answer.encode()]


def wrap(verbs: str) -> str:
    """The verbs as a whole document."""
    return f'<?xml version="1.0" encoding="UTF-8"?><Response>{verbs}</Response>'
