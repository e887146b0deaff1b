"""Reads a YAML file as plain words, and knows the line of each, so that a complaint can point."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TypeVar

import yaml

T = TypeVar("T")

# How many names somebody reads through to find the right one.
_READABLE = 16


class Complaints:
    """Everything wrong with one file, gathered so that it is said all at once."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._found: list[tuple[int, str]] = []

    def add(self, line: int, place: Iterable[str], sentence: str) -> None:
        """Note one thing wrong. `line` counts from 1; 0 is the file as a whole."""
        start = f"{self._file}, line {line}" if line else self._file
        where = ", ".join((start, *place))
        complaint = (line, f"{where}: {sentence}")
        if complaint not in self._found:
            self._found.append(complaint)

    @property
    def sentences(self) -> list[str]:
        """The complaints in the order of the file."""
        return [sentence for _, sentence in sorted(self._found, key=lambda found: found[0])]


class Entry:
    """One value as it stands in the file: words, rows, or named fields.

    Everything is read as words, never as YAML's own types: a plain load turns `17:30` into 1050,
    `+44…` into a number and `NO` into False. What is wrong goes to the complaints, and reading
    goes on, so that one run finds everything.
    """

    def __init__(
        self,
        node: yaml.Node,
        complaints: Complaints,
        place: tuple[str, ...] = (),
        line: int | None = None,
    ) -> None:
        self._node = node
        self._complaints = complaints
        self.place = place
        self.line = _line_of(node) if line is None else line

    @property
    def name(self) -> str:
        """The field or row this value belongs to."""
        return self.place[-1] if self.place else "the file"

    def complain(self, sentence: str) -> None:
        """Say what is wrong with this value, and what to write instead."""
        self._complaints.add(self.line, self.place, sentence)

    def read(self, convert: Callable[[str], T], *, secret: bool = False) -> T | None:
        """The words, converted. A ValueError of `convert` says what to write, as a complaint.

        `secret` keeps the words themselves out of the complaint: phone numbers, for one.
        Returns None after a complaint.
        """
        said = self._words()
        if said is None:
            return None
        try:
            return convert(said)
        except ValueError as remedy:
            says = "is " if secret else f"says {_shortened(said) or 'nothing'}; "
            self._complaints.add(self.line, self.place[:-1], f"'{self.name}' {says}{remedy}")
            return None

    def rows(self) -> list[Entry]:
        """The rows of a list; nothing written is no rows."""
        if self._is_blank():
            return []
        if not isinstance(self._node, yaml.SequenceNode):
            self.complain("write a list here, one row a line, each after a dash")
            return []
        return [
            Entry(node, self._complaints, (*self.place, f"row {number}"))
            for number, node in enumerate(self._node.value, start=1)
        ]

    def named(self) -> dict[str, Entry]:
        """The fields by name, whatever the names are; a name given twice is a complaint."""
        if self._is_blank():
            return {}
        if not isinstance(self._node, yaml.MappingNode):
            self.complain("write names with values here, such as 'name: value'")
            return {}
        fields: dict[str, Entry] = {}
        for key, value in self._node.value:
            name, line = str(key.value), _line_of(key)
            if name in fields:
                twice = f"'{name}' is here twice; remove one of them"
                self._complaints.add(line, self.place, twice)
            fields[name] = Entry(value, self._complaints, (*self.place, name), line)
        return fields

    def section(self, *known: str) -> Section:
        """The fields, where only these names are known; others are a complaint each."""
        fields = self.named()
        for name in fields.keys() - set(known):
            fields[name].complain_unknown(known)
        return Section(self, {name: fields[name] for name in known if name in fields})

    def complain_unknown(self, known: Iterable[str]) -> None:
        """Say that this name is not one of `known`, and which was meant, if that can be seen."""
        known = tuple(known)
        near = difflib.get_close_matches(self.name, known, n=1)
        if near:
            hint = f"did you mean '{near[0]}'?"
        elif len(known) <= _READABLE:
            hint = f"known here: {', '.join(known)}"
        else:
            hint = "the file that came with the helpline holds every name there is"
        self._complaints.add(self.line, self.place[:-1], f"'{self.name}' is not known; {hint}")

    def _words(self) -> str | None:
        if isinstance(self._node, yaml.ScalarNode):
            return str(self._node.value).strip()
        self.complain("write plain words here, not a list or names with values")
        return None

    def _is_blank(self) -> bool:
        return isinstance(self._node, yaml.ScalarNode) and not str(self._node.value).strip()


class Section:
    """The known fields of one entry."""

    def __init__(self, entry: Entry, fields: Mapping[str, Entry]) -> None:
        self.entry = entry
        self.fields = fields

    def value(self, name: str, convert: Callable[[str], T], otherwise: T) -> T:
        """A field converted; `otherwise` when it is not written, or wrong (after a complaint)."""
        if name not in self.fields:
            return otherwise
        read = self.fields[name].read(convert)
        return otherwise if read is None else read

    def needed(self, name: str, convert: Callable[[str], T], *, secret: bool = False) -> T | None:
        """A field that must be there, converted; None after a complaint."""
        if name not in self.fields:
            self.entry.complain(f"'{name}' is missing; add it")
            return None
        return self.fields[name].read(convert, secret=secret)

    def part(self, name: str, *known: str) -> Section:
        """A field that is a section of its own; an empty one when it is not written."""
        if name not in self.fields:
            return Section(self.entry, {})
        return self.fields[name].section(*known)

    def complain(self, name: str, sentence: str) -> None:
        """Say what is wrong with a field; with the section, when the field is not written."""
        self.fields.get(name, self.entry).complain(sentence)

    def rows(self, name: str) -> list[Entry]:
        """The rows of a field that is a list; none when it is not written."""
        return self.fields[name].rows() if name in self.fields else []

    def named(self, name: str) -> dict[str, Entry]:
        """The fields of a field; none when it is not written."""
        return self.fields[name].named() if name in self.fields else {}


def read_yaml(path: Path, complaints: Complaints) -> Entry | None:
    """The file's top entry; None, after a complaint, when it cannot be read at all."""
    try:
        node = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    except OSError as error:
        complaints.add(0, (), f"cannot be opened ({error.strerror}); check its name and place")
    except UnicodeDecodeError:
        complaints.add(0, (), "is not plain text; save it as UTF-8")
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 0
        complaints.add(
            line,
            (),
            f"cannot be understood ({error.problem}); check the spaces at the start of the line, "
            "the colons, and that every opening quote is closed",
        )
    except RecursionError:
        complaints.add(0, (), "has one thing inside another too often; look for brackets left open")
    except yaml.YAMLError:
        complaints.add(0, (), "holds a character that does not belong there; save it as UTF-8")
    else:
        if node is not None:
            return Entry(node, complaints)
        complaints.add(0, (), "is empty; start from the one that came with the helpline")
    return None


def _line_of(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


def _shortened(said: str) -> str:
    return said if len(said) <= 40 else f"{said[:39].rstrip()}…"
