"""Days as people write them in each language: read in any of them, said in the one asked for."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from helpline.when.recurrence import LAST

# What stands for an empty place, where a name could.
NOBODY: Final = frozenset({"nobody", "nikt"})


@dataclass(frozen=True, slots=True)
class SaidIn:
    """The words in which one language says days; `rota_words` reads all of them back.

    An nth has two forms: as before a weekday, and as before one of the `feminine` weekdays.
    """

    weekdays: tuple[str, ...]
    feminine: frozenset[int]
    nths: Mapping[int, tuple[str, str]]
    # For 2 to 4 weeks (22 to 24, and so on), and for others.
    every_few_weeks: str
    every_many_weeks: str
    counted_from: str
    and_last: str

    def nth(self, nth: int, weekday: int) -> str:
        """1 and a Wednesday: first, pierwsza."""
        return self.nths[nth][weekday in self.feminine]

    def every(self, weeks: int) -> str:
        """Every 2 weeks, co 2 tygodnie; every 5 weeks, co 5 tygodni."""
        is_few = 2 <= weeks % 10 <= 4 and weeks // 10 % 10 != 1
        return (self.every_few_weeks if is_few else self.every_many_weeks).format(n=weeks)


SAID_IN: Final[Mapping[str, SaidIn]] = {
    "en": SaidIn(
        ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
        frozenset(),
        {
            nth: (said, said)
            for nth, said in (
                (1, "first"),
                (2, "second"),
                (3, "third"),
                (4, "fourth"),
                (5, "fifth"),
                (LAST, "last"),
            )
        },
        "every {n} weeks",
        "every {n} weeks",
        "counted from",
        " and ",
    ),
    "pl": SaidIn(
        ("pon", "wt", "śr", "czw", "pt", "sob", "nd"),
        frozenset({2, 5, 6}),
        {
            1: ("pierwszy", "pierwsza"),
            2: ("drugi", "druga"),
            3: ("trzeci", "trzecia"),
            4: ("czwarty", "czwarta"),
            5: ("piąty", "piąta"),
            LAST: ("ostatni", "ostatnia"),
        },
        "co {n} tygodnie",
        "co {n} tygodni",
        "liczone od",
        " i ",
    ),
}

_MARKS: Final = str.maketrans("ąćęłńóśźżĄĆĘŁŃÓŚŹŻ", "acelnoszzACELNOSZZ")
_ENDINGS: Final = "(?:ek|ki|ku|kiem|kow|kom|kami|kach)"
# Without the marks on letters, which telephones leave out; English and what means it.
_POLISH_WEEKDAYS: Final = (
    ("monday", rf"pon|pn|poniedzial{_ENDINGS}"),
    ("tuesday", rf"wt|wto|wtor{_ENDINGS}"),
    ("wednesday", "sr|sro|srod(?:a|e|y|zie|ach|ami)"),
    ("thursday", rf"czw|cz|czwart{_ENDINGS}"),
    ("friday", rf"pt|pia|piat{_ENDINGS}"),
    ("saturday", "sb|sob|sobot(?:a|e|y|ach|ami)"),
    ("sunday", "nd|ndz|niedz|niedziel(?:a|e|i|ach|ami)"),
)
_POLISH_NTHS: Final = (
    ("first", "pierwsz(?:y|a|e|ego|ej|ym)|1[.]"),
    ("second", "drug(?:i|a|ie|iego|iej|im)|2[.]"),
    ("third", "trzec(?:i|ia|ie|iego|iej|im)|3[.]"),
    ("fourth", "czwart(?:y|a|e|ego|ej|ym)|4[.]"),
    ("fifth", "piat(?:y|a|e|ego|ej|ym)|5[.]"),
    ("last", "ost|ostatni(?:a|e|ego|ej|m)?"),
)
_POLISH_NUMBERS: Final = (
    ("2", "dwa"),
    ("3", "trzy"),
    ("4", "cztery"),
    ("5", "piec"),
    ("6", "szesc"),
)
ANY_POLISH_WEEKDAY: Final = "|".join(said for _, said in _POLISH_WEEKDAYS)
# In this order: what is longer comes before its parts.
_POLISH: Final = tuple(
    (re.compile(rf"(?<!\w)(?:{said})(?:(?!\w)|(?<=\.))\.?"), english)
    for english, said in (
        (r" \1-\2 ", rf"od ({ANY_POLISH_WEEKDAY})\.? do ({ANY_POLISH_WEEKDAY})"),
        (" counted from ", r"liczon[aeyi]\w* od"),
        (" daily ", "codziennie|co dzien|(?:w )?kazd(?:ego|y) d(?:nia|zien)"),
        (" weekdays ", "(?:w )?dni (?:robocze|powszednie)"),
        (" weekends ", "(?:w )?weekendy?"),
        *((f" every {n} ", f"co {said}(?= tygod)") for n, said in _POLISH_NUMBERS),
        (r" every \1 ", r"co (\d{1,2})(?= tygod)"),
        (" weeks ", "tygodni[ea]?"),
        (" every other week ", "co drug(?:i|a|ie)(?: tydzien)?"),
        (" ", "co tydzien|(?:co |kazdego |w kazdym )?miesiac[au]?|we?|kazd(?:y|a|e|ego|ej|ym)|co"),
        (" and ", "i|oraz|a takze"),
        *((f" {english} ", said) for english, said in _POLISH_NTHS),
        *((f" {english} ", said) for english, said in _POLISH_WEEKDAYS),
    )
)
# In Polish as one says them after a number, and as they are called.
_MONTHS: Final = (
    ("january", "stycznia", "styczen"),
    ("february", "lutego", "luty"),
    ("march", "marca", "marzec"),
    ("april", "kwietnia", "kwiecien"),
    ("may", "maja", "maj"),
    ("june", "czerwca", "czerwiec"),
    ("july", "lipca", "lipiec"),
    ("august", "sierpnia", "sierpien"),
    ("september", "wrzesnia", "wrzesien"),
    ("october", "pazdziernika", "pazdziernik"),
    ("november", "listopada", "listopad"),
    ("december", "grudnia", "grudzien"),
)


def unmarked(text: str) -> str:
    """The same letters without the marks of Polish, in as many places: środa, sroda."""
    return unicodedata.normalize("NFC", text).translate(_MARKS)


def in_english(words: str) -> str:
    """Days in small letters as `rota_words` reads them: words of other languages made English.

    What means no day stays as it is, but for marks on its letters.
    """
    words = re.sub(r"[()]", " ", unmarked(words))
    for said, english in _POLISH:
        words = said.sub(english, words)
    return " ".join(words.split())


def month(said: str) -> int | None:
    """The month (1 to 12) of a name or its first letters, unmarked and small; None: of none."""
    if len(said) < 3:
        return None
    for number, names in enumerate(_MONTHS, start=1):
        if any(name.startswith(said) for name in names):
            return number
    return None
