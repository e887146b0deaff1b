"""`python -m helpline.web.translating`: gathers what the pages say, and compiles translations.

It updates translations/<language>/LC_MESSAGES/messages.po with new sentences and writes the
messages.mo beside it, which is what the pages read. A test tells what is not translated yet.
"""

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Final

from babel.messages import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

HERE: Final = Path(__file__).resolve().parent
ROOT: Final = HERE.parents[1]
TRANSLATIONS: Final = HERE / "translations"
_NO_MOMENT: Final = datetime(2026, 1, 1, tzinfo=UTC)
_SAID_BY: Final = {"_": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2)}
_FOUND_IN: Final = ((HERE, [("**.py", "python")]), (ROOT / "templates", [("**.html", "jinja2")]))


def said() -> Catalog:
    """Every sentence of the pages, in English, and where it is said."""
    catalog = Catalog(project="helpline", charset="utf-8")
    for folder, methods in _FOUND_IN:
        for file, line, message, comments, _ in extract_from_dir(
            folder, methods, {"**.html": {"silent": "false"}}, keywords=_SAID_BY
        ):
            place = (folder / file).relative_to(ROOT).as_posix()
            catalog.add(message, None, [(place, line)], auto_comments=comments)
    return catalog


def translated(language: str) -> Catalog:
    """What the .po file of a language says."""
    with po_file(language).open("rb") as file:
        return read_po(file, locale=language)


def po_file(language: str) -> Path:
    """Where a language's sentences are."""
    return TRANSLATIONS / language / "LC_MESSAGES" / "messages.po"


def compiled(catalog: Catalog) -> bytes:
    """What the pages read."""
    out = BytesIO()
    write_mo(out, catalog)
    return out.getvalue()


def languages() -> Iterator[str]:
    """Every language but English."""
    return (folder.name for folder in sorted(TRANSLATIONS.iterdir()) if folder.is_dir())


def is_translated(message: Message) -> bool:
    """Whether there are words for it, in each of its plural forms."""
    said = message.string
    return all(said) if isinstance(said, tuple | list) else bool(said)


def main() -> None:
    """Bring every language's files up to date."""
    template = said()
    for language in languages():
        file = po_file(language)
        catalog = translated(language) if file.exists() else Catalog(locale=language)
        catalog.update(template, no_fuzzy_matching=True)
        catalog.fuzzy, catalog.header_comment = False, "# What the pages say, in this language."
        # No moment: the file changes when its sentences do.
        catalog.creation_date = catalog.revision_date = _NO_MOMENT
        catalog.obsolete.clear()
        with file.open("wb") as out:
            write_po(out, catalog, omit_header=False, sort_output=True, no_location=True, width=100)
        file.with_suffix(".mo").write_bytes(compiled(translated(language)))
        missing = [each.id for each in catalog if each.id and not is_translated(each)]
        sys.stdout.write(f"{language}: {len(catalog)} sentences, {len(missing)} not translated\n")


if __name__ == "__main__":
    main()
