"""What nobody would think of sending: odd values, and forms and addresses made of them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from urllib.parse import quote_plus

# Stands in odd words, and in nothing of ours: finding it anywhere means something.
MARK = "rhubarb"
NUMBERS = ("+447700900501", "+447700900502", "07700 900503", "+441632960101", "01632 960 102")
ODD = (
    *("", " ", "0", "-1", "1", "007", "1.5", "1e9", "NaN", "²", "٣", "null", "true", "on"),
    *(str(2**31), str(2**63), "9" * 400, "2026-02-30", "9999-12-31", "0001-01-01", "25:61"),
    *("2026-03-03", "2026-W10", "2026-W99", "24:00", "02:30", "Mon-Fri", "first Mon"),
    *("\0", f"{MARK}\0", "a\r\nb: c", "\x1b[31m", "\u202e", "e\u0301" * 60, "🥖" * 170, "ﬃ"),
    *("\ud800", f"{MARK} \udfff", "<Say>", "&amp;", "]]>", "'", '"', "\\", "%", "%s", "%00"),
    *("{caller}", "{0.__class__}", "{{7*7}}", "../../etc/passwd", "//elsewhere.example/", "é"),
    *("[" * 3_000, '{"a": ' * 3_000, '[{"kind": "PutOn"}]', f"please bring {MARK}", "A", "STOP"),
    *("anonymous", "Restricted", "+266696687", "client:ada", "sip:ada@example.org", "+", "112"),
    *NUMBERS,
)
_PART = b"--x\r\nContent-Disposition: form-data"
RAW = (
    ("multipart/form-data; boundary=x", _PART + b"\r\n\r\nno name\r\n--x--\r\n"),
    ("multipart/form-data; boundary=x", _PART + b'; name=""\r\n\r\nno name\r\n--x--\r\n'),
    ("multipart/form-data; boundary=x", _PART + b'; name="a"; filename="\xff/../b"\r\n\r\nc'),
    ("multipart/form-data; boundary=x", _PART * 2_000),
    ("multipart/form-data; boundary=x", b"--x"),
    ("multipart/form-data", b"no boundary"),
    ("application/x-www-form-urlencoded", b"\xff=\xfe&a=%&%=%zz&=&&"),
    ("application/x-www-form-urlencoded; charset=utf-16", b"a=b"),
    ("application/x-www-form-urlencoded; charset=none", b"a=b"),
    ("application/json", b'{"CallSid": []}'),
    ("text/plain; \xff", b"\0"),
    ("", b"a=b"),
)
_LONG = (1_000, 70_000, 600_000)
_SIDS = ("CA", "SM", "RE", "AC")

Pairs = list[tuple[str, str]]


@dataclass(frozen=True)
class Sent:
    """One request. `fields` may name the same one twice; a key or value may be half a letter."""

    who: str
    method: str
    path: str
    query: str = ""
    fields: Pairs = field(default_factory=list)
    file: bytes | None = None
    # Its type and its body, where it is no form at all.
    raw: tuple[str, bytes] | None = None
    signed: bool = False
    headers: dict[str, str] = field(default_factory=dict)

    def body(self) -> bytes:
        """The fields, as a form comes over the wire."""
        return encoded(self.fields).encode("ascii")


def encoded(pairs: Pairs) -> str:
    """Names and values for an address or a form; half letters go as the bytes that they are."""
    return "&".join(
        f"{quote_plus(key, errors='surrogatepass')}={quote_plus(value, errors='surrogatepass')}"
        for key, value in pairs
    )


def value(chance: Random) -> str:
    """Something odd; seldom something long."""
    kind = chance.randrange(40)
    if kind == 0:
        return (chance.choice(ODD) or "x") * chance.choice((2, 40))
    if kind == 1:
        return "x" * chance.choice(_LONG)
    if kind == 2:
        return "".join(chr(chance.randrange(0x110000)) for _ in range(chance.randrange(12)))
    if kind == 3:
        return chance.choice(_SIDS) + "".join(chance.choices("0123456789abcdef", k=32))
    return chance.choice(ODD)


def mutated(pairs: Pairs, names: Sequence[str], chance: Random) -> Pairs:
    """These fields with a few of them gone, odd, there twice, or new."""
    made = list(pairs)
    for _ in range(chance.choice((0, 1, 1, 1, 2, 3, 6))):
        at = chance.randrange(len(made)) if made else 0
        match chance.randrange(6):
            case 0 if made:
                del made[at]
            case 1 if made:
                made.append((made[at][0], value(chance)))
            case 2 if names:
                made.append((chance.choice(names), value(chance)))
            case 3 if made:
                made[at] = (value(chance), made[at][1])
            case _ if made:
                made[at] = (made[at][0], value(chance))
    return made
