"""What browsers ask the pages for: whatever was found on one, with anything else in its place."""

import re
from dataclasses import dataclass, field
from html import unescape
from random import Random
from urllib.parse import parse_qsl

from flask import Flask
from werkzeug.routing import Rule

from tests.fuzz.odd import NUMBERS, RAW, Pairs, Sent, encoded, mutated, value
from tests.web.conftest import forms_of
from tests.web.overhearing import Questions, shape_of

_LINK = re.compile(r'href="(/[^"#]*)')
# What is on a page of a kind changes; it is read so often.
_READ = 10
_IDS = (*range(1, 10), *range(1, 10), 0, 400, 2**31 - 1, 2**31, 2**63)
_HEADERS = (
    "Accept-Language",
    "Content-Type",
    "Cookie",
    "If-None-Match",
    "Range",
    "User-Agent",
    "X-Forwarded-For",
    "X-Live",
)
_FILES = (
    b"",
    b"days,from,to,volunteers\nMon-Fri,08:00,13:00,Ada; Bob\n",
    b"days;from\nMon;\xff\xfe",
    b"PK\x03\x04" + b"\0" * 60,
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    b",\n" * 5_000,
)


@dataclass
class Browsers:
    """Nobody's, a volunteer's and a coordinator's browser; they remember what they were shown.

    `cookies`: of everybody who is signed in, by name.
    """

    app: Flask
    cookies: dict[str, str]
    _found: dict[str, dict[str, list[Sent]]] = field(init=False)
    _read: dict[tuple[str, str], int] = field(default_factory=dict)
    _rules: list[Rule] = field(init=False)

    def __post_init__(self) -> None:
        self._found = {who: {} for who in ("nobody", *self.cookies)}
        self._rules = [
            rule for rule in self.app.url_map.iter_rules() if not rule.endpoint.startswith("phone.")
        ]

    def one(self, chance: Random) -> Sent:
        """A request of any of them."""
        who = chance.choice((*self.cookies, *self.cookies, "nobody"))
        found = self._found[who]
        if found and chance.random() < 0.8:
            sent = chance.choice(found[chance.choice(sorted(found))])
        else:
            sent = self._anywhere(who, chance)
        names = sorted(Questions.looked_for)
        asked = mutated(parse_qsl(sent.query, keep_blank_values=True), names, chance)
        fields = sent.fields
        if sent.method == "POST":
            token = [each for each in fields if each[0] == "csrf_token"]
            fields = mutated([each for each in fields if each not in token], names, chance)
            fields += token if chance.random() < 0.98 else [("csrf_token", value(chance))]
        with_file = sent.method == "POST" and chance.random() < 0.05
        return Sent(
            who=who,
            method=sent.method,
            path=sent.path,
            query=encoded(asked) if chance.random() < 0.5 else sent.query,
            fields=fields,
            file=chance.choice(_FILES) if with_file else None,
            raw=chance.choice(RAW) if sent.method == "POST" and chance.random() < 0.03 else None,
            headers=self._headers(who, chance),
        )

    def saw(self, sent: Sent, html: str) -> None:
        """Remember where this page leads, and its forms."""
        kind = (sent.who, shape_of(sent.path))
        self._read[kind] = self._read.get(kind, 0) + 1
        if self._read[kind] > _READ:
            return
        for link in map(unescape, _LINK.findall(html)):
            path, _, query = link.partition("?")
            self._keep(Sent(sent.who, "GET", path, query))
        for action, fields in forms_of(html):
            path, _, query = (unescape(action) or f"{sent.path}?{sent.query}").partition("?")
            self._keep(Sent(sent.who, "POST", path, query, list(fields.items())))

    def _keep(self, sent: Sent) -> None:
        names = ",".join(sorted(name for name, _ in sent.fields))
        kept = self._found[sent.who].setdefault(f"{sent.method} {shape_of(sent.path)} {names}", [])
        if len(kept) < _READ and sent not in kept:
            kept.append(sent)

    def _anywhere(self, who: str, chance: Random) -> Sent:
        rule = chance.choice(self._rules)
        path = "/1".join(rule.rule.split("/<int:group_id>"))
        for name in rule.arguments - {"group_id"}:
            odd = value(chance)[:99]
            path = path.replace(f"<int:{name}>", str(chance.choice(_IDS)))
            path = path.replace(f"<path:{name}>", odd).replace(f"<{name}>", odd)
        methods = sorted((rule.methods or set()) - {"OPTIONS"})
        return Sent(who, chance.choice(methods), path, fields=self._csrf(who))

    def _csrf(self, who: str) -> Pairs:
        for kept in self._found[who].values():
            for name, token in kept[0].fields:
                if name == "csrf_token":
                    return [(name, token)]
        return []

    def _headers(self, who: str, chance: Random) -> dict[str, str]:
        # Limits are by address.
        headers = {"X-Forwarded-For": f"192.0.{chance.randrange(256)}.{chance.randrange(256)}"}
        if who in self.cookies:
            headers["Cookie"] = self.cookies[who]
        if chance.random() < 0.1:
            odd = value(chance)[:500] if chance.random() < 0.9 else chance.choice(NUMBERS)
            # What no server lets through.
            headers[chance.choice(_HEADERS)] = re.sub(r"[^ -ÿ]", "?", odd)
        return headers
