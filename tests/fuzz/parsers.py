"""Every parser of what comes from outside: how to feed it, and with what to begin."""

import atexit
import shutil
import tempfile
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile
from zoneinfo import ZoneInfo

from helpline import phone_numbers
from helpline.areas import Area
from helpline.commands import moments
from helpline.config import values
from helpline.config.reader import read_config
from helpline.config.yaml_file import Complaints, read_yaml
from helpline.loading.reading import read_plan
from helpline.loading.telephones import Known
from helpline.people import joining
from helpline.phone_numbers import NotAPhoneNumber
from helpline.rota_edits import dump_edits, load_edits
from helpline.sealing.seals import DataKeys, FindingKey, Unsealable
from helpline.spreadsheets.files import SaveAsXlsxOrCsv, as_csv, as_xlsx, read
from helpline.spreadsheets.naming import names
from helpline.spreadsheets.rows import pattern_rows, sheet_of, shift_rows
from helpline.stories import search
from helpline.texting import gsm
from helpline.when import day_words
from helpline.when.day_words import RotaWordsError
from ivr import area_names, keywords, languages
from ivr.twilio import requests
from ivr.twilio.requests import BadForm
from ivr.twilio.statuses import UnknownStatus
from simulator import optouts, segments
from simulator.twiml import document, schema
from simulator.twiml.document import TwimlError
from tests.fuzz import words
from tests.words.shipped import CONFIG

AT = datetime(2026, 3, 3, 10, tzinfo=UTC)
LONDON = ZoneInfo("Europe/London")
_AREAS = (
    Area(1, "Hebden Bridge", "HX7", "Europe/London", 0),
    Area(2, "Todmorden", "OL14 OL15", "Europe/London", 0),
)
_OWN_LETTERS = languages.own_letters(CONFIG.texted)
_PEOPLE = names({1: "Ada", 2: "Bob", 3: "Zoë", 4: "Ann", 5: "Ann"}, {1, 2, 3})


@dataclass(frozen=True)
class Parser:
    """One kind of input. `feed` raises nothing, whatever it is given; `longest` is in bytes.

    `words` is what such input is made of, to begin with.
    """

    name: str
    feed: Callable[[bytes], None]
    words: tuple[str, ...]
    longest: int = 200

    def seeds(self) -> Iterable[bytes]:
        """A few inputs to begin with."""
        return (
            "".join(self.words).encode()[: self.longest],
            *(each.encode() for each in self.words),
        )


def said(data: bytes) -> str:
    """Words as they come over HTTP."""
    return data.decode("utf-8", "replace")


def forms(data: bytes) -> None:
    """The phone network's: names and values in turn, and what Twilio always sends."""
    told = said(data).split("\n")
    whole = {"AccountSid": "AC", "From": "+447700900501", "To": "+441632960000"}
    sids = {"CallSid": "CA" + "0" * 32, "MessageSid": "SM" + "0" * 32, "CallStatus": "ringing"}
    sent = dict(zip(told[::2], told[1::2], strict=False))
    for form in (sent, whole | sids | sent):
        for parse in (
            requests.call_event,
            requests.call_progress,
            requests.recording_done,
            requests.text_event,
            requests.text_progress,
        ):
            with suppress(BadForm, UnknownStatus):
                parse(form)


def texts(data: bytes) -> None:
    """The body of an SMS: commands in a word, areas, what it costs."""
    body = said(data)
    keywords.understand(body, CONFIG.keywords)
    area_names.names_area(body, _AREAS)
    area_names.seems_to_name(body, _AREAS)
    area_names.only_area(body, _AREAS)
    languages.asked_in(body, CONFIG.call_words)
    languages.seems_written_in(body, _OWN_LETTERS)
    assert gsm.segments(gsm.plain(body)) >= 0
    assert segments.segments(body) >= 0
    optouts.keyword(body)
    search.searched(body)


def numbers(data: bytes) -> None:
    """Telephones' numbers, as carriers and people write them."""
    raw = said(data)
    phone_numbers.mask(raw)
    found = phone_numbers.caller_id(raw)
    if found is not None:
        # What we have once taken for a number is one for everybody who asks.
        assert phone_numbers.caller_id(found) == found
        phone_numbers.is_assigned(found)
        phone_numbers.is_ordinary(found, frozenset({"GB", "PL"}))
        phone_numbers.can_be_texted(found)
        phone_numbers.national(found)
    with suppress(NotAPhoneNumber):
        assert phone_numbers.parse(raw).e164.startswith("+")
    with suppress(NotAPhoneNumber, ValueError):
        joining.read_number(raw)


def pattern_words(data: bytes) -> None:
    """Days and times of a rota; whatever was understood is understood again when it is said."""
    told = said(data)
    with suppress(RotaWordsError):
        assert isinstance(day_words.parse_time(told), time)
    with suppress(RotaWordsError):
        days = day_words.parse_weekdays(told)
        assert day_words.parse_weekdays(day_words.say_weekdays(days)) == days
    with suppress(RotaWordsError):
        again = day_words.parse_recurrence(told)
        for language in ("en", "pl"):
            spoken = day_words.say_recurrence(again, language)
            assert day_words.parse_recurrence(spoken) == again, spoken


def dates(data: bytes) -> None:
    """Days and moments, as they are typed at the terminal and in files."""
    told = said(data)
    with suppress(ValueError):
        assert isinstance(moments.day(told, AT.date()), date)
    with suppress(ValueError):
        assert moments.moment(told, LONDON, AT).tzinfo is not None
    for read_value in (values.calendar_date, values.clock_time, values.weekdays):
        with suppress(ValueError):
            read_value(told)
    with suppress(ValueError):
        assert 1 <= values.whole_number(1, 99)(told) <= 99


def edits(data: bytes) -> None:
    """Edits of a rota, as a browser sends them back."""
    with suppress(ValueError):
        found = load_edits(said(data))
        assert load_edits(dump_edits(found)) == found


def sealed(data: bytes) -> None:
    """What stands in a sealed column."""
    told = said(data)
    for each in (told, _SEALED_WORDS[:11] + told):
        with suppress(Unsealable):
            _DATA_KEYS.open(each, "notes.words")
        with suppress(Unsealable):
            _FINDING_KEY.open(each)
    with suppress(Unsealable):
        _DATA_KEYS.open_bytes(data, "recordings.audio")


def config(data: bytes) -> None:
    """The words of config.yaml."""
    _file("config.yaml", data)
    complaints = Complaints("config.yaml")
    found = read_config(_FOLDER / "config.yaml", recordings_under=_FOLDER, complaints=complaints)
    assert found or complaints.sentences


def load_files(data: bytes) -> None:
    """A file for `helpline load`."""
    _file("valley.yaml", data)
    complaints = Complaints("valley.yaml")
    top = read_yaml(_FOLDER / "valley.yaml", complaints)
    if top is not None:
        read_plan(top, _KNOWN)
    else:
        assert complaints.sentences


def csv_files(data: bytes) -> None:
    """A spreadsheet as text: of patterns or of shifts."""
    with suppress(SaveAsXlsxOrCsv):
        sheet = sheet_of(read(data))
        if sheet.has_patterns:
            pattern_rows(sheet, _PEOPLE)
        else:
            shift_rows(sheet, _PEOPLE, "Hebden Bridge")


def xlsx_files(data: bytes) -> None:
    """A workbook: bytes of its own at some place, or a sheet of its own."""
    at = int.from_bytes(data[:2], "big") % len(_WORKBOOK)
    damaged = _WORKBOOK[:at] + data[2:] + _WORKBOOK[at + len(data[2:]) :]
    for file in (damaged, _with_sheet(data)):
        csv_files(file)


def twiml(data: bytes) -> None:
    """What an application answers the pretend network with."""
    for rules in (schema.VOICE, schema.MESSAGING):
        for body in (data, b"<Response>" + data + b"</Response>"):
            with suppress(TwimlError):
                document.read(body, "https://helpline.example/", rules)


def _file(name: str, data: bytes) -> None:
    (_FOLDER / name).write_bytes(data)


def _with_sheet(data: bytes) -> bytes:
    made = BytesIO()
    with ZipFile(BytesIO(_WORKBOOK)) as old, ZipFile(made, "w") as new:
        for part in old.infolist():
            is_sheet = part.filename == "xl/worksheets/sheet1.xml"
            new.writestr(
                part.filename,
                b"<worksheet><sheetData>" + data if is_sheet else old.read(part),
            )
    return made.getvalue()


# On a disk of memory, where there is one: some of these are read from a file.
_MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it
_FOLDER = Path(tempfile.mkdtemp(prefix="helpline-fuzz-", dir=_MEMORY if _MEMORY.is_dir() else None))
atexit.register(shutil.rmtree, _FOLDER, ignore_errors=True)

_DATA_KEYS = DataKeys.from_words("4" * 64)
_FINDING_KEY = FindingKey(b"4" * 32)
_SEALED_WORDS = _DATA_KEYS.seal("She would like bread", "notes.words")
_KNOWN = Known(
    groups=frozenset({"Hebden Bridge"}),
    lines=frozenset({"+441632960000"}),
    volunteers=frozenset({"+447700900101"}),
)
_WORKBOOK = as_xlsx("Rota", words.ROTA)

PARSERS = (
    Parser("forms", forms, tuple(words.FORM.splitlines(keepends=True)), 400),
    Parser(
        "texts", texts, ("STOP", "start ", "4821 A", "B4821", "2!", "hx7 8ab", "OL14", "ﬃ", "🥖")
    ),
    Parser(
        "numbers", numbers, ("+44", "07700 900501", "(0)", "anonymous", "ext", "+266696687"), 40
    ),
    Parser(
        "pattern words", pattern_words, tuple(f"{each} " for each in words.PATTERNS.split()), 120
    ),
    Parser(
        "dates", dates, ("2026-12-24", "T", " 18:00", "today", "24.00", "2026-W10", "Mon-Fri"), 40
    ),
    Parser("edits", edits, (*words.EDITS, *words.OF_EDITS), 600),
    Parser("sealed", sealed, (_SEALED_WORDS, _FINDING_KEY.seal("+447700900501"), "~", "=="), 200),
    Parser("config", config, words.CONFIG, 1_000),
    Parser(
        "load files", load_files, (words.LOADED, *words.LOADED.splitlines(keepends=True)), 1_000
    ),
    Parser(
        "csv files",
        csv_files,
        (as_csv(words.ROTA).decode(), words.SHIFTS, ";", "\t", '"', "first Mon"),
        500,
    ),
    Parser("xlsx files", xlsx_files, ('<row r="1"><c r="A1" t="inlineStr"><is><t>days</t>',), 300),
    Parser("twiml", twiml, (*words.TWIML, *words.OF_TWIML), 600),
)
