"""Understands the few things a text may say in a word: STOP, CALL, 4821 A, 2. The rest is words."""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass

from helpline.config.decided import Keywords
from helpline.outcomes import Outcome
from helpline.texting.carrier_words import START_WORDS, STOP_WORDS
from ivr.letters import NO_ANSWER, Answer, Words, answers

_WORD = re.compile(r"[\w']+")
_THUMBS = frozenset("👍👌🙏🙂😊😀😃😄😘🥰❤💕💐🌷🌹✅!.")
# How an emoji is shown: in colour, and of which skin.
_COLOURS = frozenset("\ufe0f🏻🏼🏽🏾🏿").__contains__


@dataclass(frozen=True, slots=True)
class Said:
    """What a text may mean, if the one who sent it was asked for that."""

    stop: bool = False
    start: bool = False
    call: bool = False
    # One for each code that is named; where none is, one for what may be a letter alone.
    answers: tuple[Answer, ...] = (NO_ANSWER,)
    # Whether it says yes or no (1 or 2), and whether it says so in a word.
    helped: bool | None = None
    in_a_word: bool = False
    # It asks for nothing: thanks, a thumb; a figure or a letter by itself.
    is_polite: bool = False
    # It says thanks, or please, among other words.
    is_thankful: bool = False
    is_figure: bool = False
    is_empty: bool = False


def understand(body: str, keywords: Keywords) -> Said:
    """Read a text; `keywords` are those of every language that the line speaks.

    The carriers' words count only as the whole text, as they do for the carriers.
    """
    whole = plain(body).rstrip(".!")
    if not plain(body):
        return Said(is_empty=True)
    text = unicodedata.normalize("NFKC", body).replace("’", "'")
    words = bare(text, keywords.polite)
    said = answers(
        _meant(text, keywords.meant | keywords.polite),
        _said_by(keywords),
        lambda each: bare(each, keywords.polite),
    )
    # "No, ..." may be their answer itself.
    meant = bare(_meant(text, (keywords.meant - keywords.no) | keywords.polite), keywords.polite)
    helped, in_a_word = _helped(meant, said[0], keywords)
    return Said(
        stop=whole in STOP_WORDS,
        start=whole in START_WORDS,
        call=bool(keywords.call & _ways_to_say(text, words, said[0].code, keywords)),
        answers=said,
        helped=helped,
        in_a_word=in_a_word,
        is_polite=not words and (_WORD.search(text) is not None or _is_thumb(text)),
        is_thankful=words != bare(text, ()) and words == meant,
        is_figure=meant in ("1", "2") or _is_bare(said[0], words),
    )


def _meant(text: str, before: Collection[str]) -> str:
    """A text without what stands before a correction: "Sorry, I meant B"."""
    longest_first = sorted(before, key=len, reverse=True)
    phrases = "|".join(re.escape(each).replace(r"\ ", r"\s+") for each in longest_first)
    lead = re.match(rf"(?:\W*(?:{phrases})(?![\w']))+\W*", text, re.IGNORECASE) if phrases else None
    return (text[lead.end() :] or text) if lead else text


def _said_by(keywords: Keywords) -> Words:
    outcomes = {
        Outcome.DONE: keywords.done,
        Outcome.NEEDS_HELP: keywords.needs_help,
        Outcome.SOMEONE_ELSE: keywords.someone_else,
        Outcome.WORRIED: keywords.worried,
    }
    return Words(outcomes, can=keywords.yes, cannot=keywords.no)


def _is_bare(said: Answer, words: str) -> bool:
    """A letter alone, or that it is done: of whoever was asked nothing it asks for nothing.

    "Still needs help" does.
    """
    means_nothing = len(words) == 1 or said.outcome is Outcome.DONE
    return said.is_all and said.code is None and means_nothing


def _ways_to_say(text: str, words: str, code: str | None, keywords: Keywords) -> set[str]:
    """What is said, with thanks and without; and without the code that our texts name."""
    whole = bare(text, ())
    ways = {words, whole}
    if code is not None:
        ways |= {_without(code, whole), bare(_without(code, words), keywords.polite)}
    return ways


def _without(code: str, words: str) -> str:
    return " ".join(word for word in words.split() if word != code)


def _helped(words: str, said: Answer, keywords: Keywords) -> tuple[bool | None, bool]:
    """Whether help arrived, and whether that is said in a word.

    "1 but he forgot the milk" is for somebody to read. "2 nobody came" is a 2 whatever follows.
    """
    if said.code is not None:
        # 4821 2, since our question names the code.
        words = _without(said.code, words)
    figure, _, rest = words.partition(" ")
    if figure == "2":
        return False, False
    if figure == "1" and (not rest or rest in keywords.yes):
        return True, False
    if words in keywords.yes or (said.in_words and said.outcome is Outcome.DONE):
        return True, True
    is_no = words in keywords.no or (said.in_words and said.outcome is Outcome.NEEDS_HELP)
    return (False, True) if is_no else (None, False)


def _is_thumb(text: str) -> bool:
    """A thumb, a smile, a heart, flowers; not whatever else somebody may mean by a picture."""
    signs = {sign for sign in text if not sign.isspace() and not _COLOURS(sign)}
    return bool(signs) and signs <= _THUMBS


def plain(body: str) -> str:
    """A text in upper case, with one plain space between words and no marks around it."""
    words = unicodedata.normalize("NFKC", body).upper()
    return " ".join(words.split()).strip("\"'“”‘’«»()[]<>*_-:;,")


def bare(text: str, polite: Collection[str]) -> str:
    """The words alone, in upper case, without a greeting before them or thanks after them."""
    words = [word for each in _WORD.findall(text.upper()) if (word := each.strip("'"))]
    longest = max((each.count(" ") + 1 for each in polite), default=0)
    for count in list(range(longest, 0, -1)) * 2:
        while words and " ".join(words[:count]) in polite:
            del words[:count]
        while words and " ".join(words[-count:]) in polite:
            del words[-count:]
    return " ".join(words)
