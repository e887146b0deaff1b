"""What looks like input: a parser's own words, put together anyhow, with anything in between."""

from hypothesis import strategies as st

from tests.fuzz.parsers import Parser

_LONGEST_WORD = 64


def inputs(parser: Parser) -> st.SearchStrategy[bytes]:
    """Inputs of this parser, as hypothesis draws them."""
    word = st.sampled_from(parser.words).map(str.encode)
    anything = st.one_of(word, word, st.text(max_size=4).map(str.encode), st.binary(max_size=4))
    return st.lists(anything, max_size=12).map(lambda parts: b"".join(parts)[: parser.longest])


def dictionary(parser: Parser) -> str:
    """The words as libFuzzer reads them from a file."""
    words = [each.encode() for each in parser.words]
    return "".join(f'"{_escaped(word)}"\n' for word in words if len(word) <= _LONGEST_WORD)


def _escaped(word: bytes) -> str:
    return "".join(rf"\x{octet:02x}" for octet in word)
