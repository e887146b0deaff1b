"""Reading a reply as TwiML: the verbs, the warnings, and the errors Twilio would give."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from xml.etree import ElementTree

from simulator.transport import Reply
from simulator.twiml.schema import NOT_ACTED_ON, NOT_PLAYED, NOUNS, SSML, Rule

LARGEST = 64 * 1024  # bytes; documented
XML_TYPES = {"text/xml", "application/xml", "text/html"}
_SSML = frozenset(SSML.split())


class TwimlError(Exception):
    """A document that cannot be fetched or carried out; `code` is Twilio's."""

    def __init__(self, code: int, message: str, url: str = "") -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.url = url


@dataclass(frozen=True, slots=True)
class Verb:
    """One element: `text` is its words, stripped; `slowness` above 1 is speech slowed by SSML."""

    name: str
    attributes: dict[str, str]
    text: str = ""
    children: tuple[Verb, ...] = ()
    slowness: float = 1.0
    breaks: float = 0.0

    def get(self, name: str, default: str = "") -> str:
        return self.attributes.get(name, default)

    def flag(self, name: str, default: bool) -> bool:
        value = self.attributes.get(name)
        return default if value is None else value.strip().lower() in {"true", "yes", "1"}


@dataclass(slots=True)
class Document:
    """The verbs in order, where they came from, and what Twilio would have warned of."""

    verbs: list[Verb]
    url: str = ""
    warnings: list[str] = field(default_factory=list)


def read_reply(reply: Reply, url: str, rules: dict[str, Rule]) -> Document:
    """The document in an HTTP answer. Raises TwimlError as the docs list: 11200, 11750, 12300, ...

    Audio is played, plain text that is no TwiML is read aloud, and 204 is an empty document.
    """
    if not 200 <= reply.status < 300:
        raise TwimlError(11200, f"Got HTTP {reply.status} response to {url}", url)
    if len(reply.body) > LARGEST:
        raise TwimlError(11750, "TwiML response body too large", url)
    if reply.status == 204:
        return Document([], url)
    kind = reply.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind.startswith("audio/"):
        return Document([Verb("Play", {}, url)], url)
    if kind == "text/plain":
        try:
            return read(reply.body, url, rules)
        except TwimlError:
            return Document([Verb("Say", {}, reply.body.decode("utf-8", "replace"))], url)
    if kind not in XML_TYPES:
        raise TwimlError(12300, f"Invalid Content-Type: {kind or 'none'}", url)
    return read(reply.body, url, rules)


def read(body: bytes | str, url: str, rules: dict[str, Rule]) -> Document:
    """The document in some XML. Raises TwimlError 12100 when it is not well formed TwiML."""
    data = body.encode() if isinstance(body, str) else body
    try:
        root = ElementTree.fromstring(data)  # noqa: S314 - at most 64 kB, from one's own server
    except ElementTree.ParseError as error:
        raise TwimlError(12100, f"Document parse failure: {error}", url) from error
    if root.tag != "Response":
        raise TwimlError(12100, f"The root element is <{root.tag}>, not <Response>", url)
    document = Document([], url)
    for element in root:
        verb = _verb(element, rules, document)
        if verb is not None:
            document.verbs.append(verb)
    if root.text and root.text.strip():
        document.warnings.append("Text directly inside <Response> is ignored.")
    return document


def _verb(element: ElementTree.Element, rules: dict[str, Rule], document: Document) -> Verb | None:
    name = element.tag
    rule = rules.get(name)
    if name in NOT_PLAYED:
        raise TwimlError(12200, f"<{name}> is not played by this network", document.url)
    if rule is None:
        document.warnings.append(f"<{name}> is not a verb that may stand here; it is ignored.")
        return None
    for attribute in element.attrib:
        if attribute not in rule.attributes:
            document.warnings.append(f"<{name}> has no attribute {attribute!r}; it is ignored.")
        elif attribute in NOT_ACTED_ON.get(name, ()):
            document.warnings.append(f"<{name} {attribute}> is not acted on by this network.")
    attributes = {key: value for key, value in element.attrib.items() if key in rule.attributes}
    if name in {"Say", "Body"}:
        return _spoken(element, attributes, document)
    inner = {child: NOUNS.get(child) or rules.get(child) or Rule(frozenset())
             for child in rule.children}  # fmt: skip
    children = [_verb(child, inner, document) for child in element]
    return Verb(
        name,
        attributes,
        (element.text or "").strip(),
        tuple(child for child in children if child is not None),
    )


def _spoken(element: ElementTree.Element, attributes: dict[str, str], document: Document) -> Verb:
    slowness, breaks = 1.0, 0.0
    for child in element.iter():
        if child is element:
            continue
        if child.tag not in _SSML:
            document.warnings.append(f"<{child.tag}> may not stand in <{element.tag}>.")
        if child.tag == "prosody":
            rate = re.fullmatch(r"(\d{1,4})%", child.get("rate", ""))
            slowness = 100 / max(20, int(rate[1])) if rate else slowness
        if child.tag == "break":
            length = re.fullmatch(r"(\d{1,5}(?:\.\d{1,5})?)(ms|s)", child.get("time", "1s"))
            if length:
                breaks += float(length[1]) / (1000 if length[2] == "ms" else 1)
    words = " ".join("".join(element.itertext()).split())
    return Verb(element.tag, attributes, words, (), slowness, breaks)
