"""Finds in a text what a volunteer answers: a code, and A to D, however tired they are.

"4821 A", "a.", "4821 - all done, thanks!", "B still needs help". What may as well be a sentence of
theirs ("4821 a bit worried about her") is no letter: they are asked for it once more. So is whoever
writes "4821 A not done yet".
"""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final

from helpline.outcomes import Outcome

# More than anybody answers for in one text; each is looked up.
_MOST_CODES: Final = 20
_LONGEST_NO: Final = 3
OUTCOMES: Final[Mapping[str, Outcome]] = {
    "A": Outcome.DONE,
    "B": Outcome.NEEDS_HELP,
    "C": Outcome.SOMEONE_ELSE,
    "D": Outcome.WORRIED,
}

# A code, perhaps with its letter at once: 4821, 4821a, A4821.
_CODE: Final = re.compile(
    r"(?<!\w)(?P<before>[A-D]?)(?P<code>[0-9]{4})(?P<after>[A-D]?)(?!\w)", re.IGNORECASE
)
# A letter by itself; not that of "d'you", "B&B", "a.m.", "będę".
_ALONE: Final = r"(?<![\w'&/@+.])(?P<letter>[A-D])(?![\w'&/@+]|\.\w)"
_LETTER: Final = re.compile(_ALONE, re.IGNORECASE)
# 'A', and 4821/A.
_MARKED: Final = re.compile(
    r"(?:(?<!\w)'(?=[A-D]')|(?<=[0-9]{4})/)(?P<letter>[A-D])'?(?![\w/])", _LETTER.flags
)
# A 4821, B 9326: each letter is of the code behind it.
_BEGINS_WITH_LETTER: Final = re.compile(r"\W*[A-D]\W*[0-9]{4}(?!\w)", re.IGNORECASE)
# What is next to a code, which stands as a # by then.
_AFTER_CODE: Final = re.compile(rf"#(?P<between>[^\w#]*){_ALONE}(?P<rest>.*)", _LETTER.flags | re.S)
_BEFORE_CODE: Final = re.compile(
    rf"{_ALONE}(?P<between>[^\w#]*)#(?P<rest>.*)", _LETTER.flags | re.S
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said about one code (None: none is named); the letter may also mean "I can"."""

    code: str | None = None
    letter: str | None = None
    outcome: Outcome | None = None
    # Nothing else is said but this.
    is_all: bool = False
    # "Done", "A done": in words that mean nothing else, whatever was asked.
    in_words: bool = False
    # "I can", "B not this time": of what they were asked to help with.
    can: bool | None = None


NO_ANSWER: Final = Answer()


@dataclass(frozen=True, slots=True)
class Words:
    """What is said in place of a letter, or after it: A and B may be to "could you help?", too."""

    by_outcome: Mapping[Outcome, Collection[str]]
    can: Collection[str]
    cannot: Collection[str]

    def after(self, letter: str) -> Collection[str]:
        """The words that say the same as a letter."""
        also = {"A": self.can, "B": self.cannot}.get(letter, ())
        return {*self.by_outcome[OUTCOMES[letter]], *also}

    def says_can(self, words: str) -> bool | None:
        """Whether these words say that they can; None: neither that, nor that they cannot."""
        return True if words in self.can else False if words in self.cannot else None

    def denies(self, rest: str) -> bool:
        """Whether the words after an A say something else: nothing is done by mistake."""
        # "A no worries" says nothing of the kind.
        others = [each for each in self.cannot if len(each) > _LONGEST_NO]
        for outcome, phrases in self.by_outcome.items():
            others += phrases if outcome is not Outcome.DONE else ()
        return any(f" {phrase} " in f" {rest} " for phrase in others)


def answers(text: str, said_by: Words, bare: Callable[[str], str]) -> tuple[Answer, ...]:
    """What a text says about each code in it; where there is none, about none.

    `bare` takes marks and thanks off a text.
    """
    text = _MARKED.sub(r" \g<letter> ", text)
    codes = list(islice(_CODE.finditer(text), _MOST_CODES))
    if len({code["code"] for code in codes}) < 2:
        return (_answer(text, codes[0]["code"] if codes else None, said_by, bare),)
    before = _BEGINS_WITH_LETTER.match(text) is not None
    cuts = [code.end() for code in codes[:-1]] if before else [code.start() for code in codes[1:]]
    parts = zip([0, *cuts], [*cuts, len(text)], codes, strict=True)
    said = [_answer(text[begin:end], code["code"], said_by, bare) for begin, end, code in parts]
    return tuple(_said_of_all(said) if before else _said_of_all(said[::-1])[::-1])


def _said_of_all(said: Sequence[Answer]) -> list[Answer]:
    """Of a code by itself the same is said as of the one beside it: 4821 and 9326 A."""
    told: list[Answer] = []
    for each in said:
        alone = each.is_all and each.outcome is None
        told.append(replace(told[-1], code=each.code) if alone and told else each)
    return told


def _answer(text: str, code: str | None, said_by: Words, bare: Callable[[str], str]) -> Answer:
    marked = _CODE.sub(r"\g<before> # \g<after> ", text)
    found = _beside(marked, code, bare)
    letter = found["letter"].upper() if found else None
    others = {each.upper() for each in _LETTER.findall(marked) if each != "a"} - {letter}
    words = bare(marked)
    if found is None or letter is None or others:
        outcome = None if others else _in_words(words, said_by)
        is_all = bool(outcome) or (not words and code is not None)
        can = None if outcome else said_by.says_can(words)
        return Answer(code, None, outcome, is_all, in_words=bool(outcome), can=can)
    rest, same = bare(found["rest"].replace("#", " ")), said_by.after(letter)
    ends = not rest or not _goes_on(found["rest"]) or rest in same
    if not (ends or _is_meant(found, code)) or (letter == "A" and said_by.denies(rest)):
        return Answer(code)
    is_all = words == letter or words.removeprefix(f"{letter} ") in same
    outcome = OUTCOMES[letter]
    in_words, can = rest in said_by.by_outcome[outcome], said_by.says_can(rest)
    return Answer(code, letter, outcome, is_all, in_words, can if rest in same else None)


def _in_words(words: str, said_by: Words) -> Outcome | None:
    found = (outcome for outcome, phrases in said_by.by_outcome.items() if words in phrases)
    return next(found, None)


def _beside(marked: str, code: str | None, bare: Callable[[str], str]) -> re.Match[str] | None:
    """The letter next to the code; without a code, the one with which a text begins."""
    if code is not None:
        return _AFTER_CODE.search(marked) or _BEFORE_CODE.search(marked)
    first = re.search(rf"{_ALONE}(?P<rest>.*)", marked, _LETTER.flags | re.S)
    return first if first and not bare(marked[: first.start()]) else None


def _goes_on(rest: str) -> bool:
    """Whether the sentence goes on after the letter, with no mark between."""
    following = rest.lstrip(" \t#")
    return following[:1].isalnum()


def _is_meant(found: re.Match[str], code: str | None) -> bool:
    """Whether a letter that a sentence follows is ours: "a" is a word, "B there soon" slang.

    Of a worry it is better to hear once too often.
    """
    letter, rest = found["letter"], found["rest"]
    if code is None or letter.upper() != "A":
        return code is not None or letter.upper() == "D"
    # A phone writes no capital there by itself, but where a sentence begins.
    is_shouted = not any(character.islower() for character in rest)
    return letter == "A" and not is_shouted and not set(".!?\n") & set(found["between"])
