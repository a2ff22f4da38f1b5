"""Reads and writes .po files so that two people's additions merge: sorted, unwrapped, without dates or line numbers."""

from io import BytesIO
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from infra.catalogues.places import Book, language_of

HEADER: Final = "# {says}. `make words` adds what is new; the English sentences are in the source."
UNSAID: Final = (
    "POT-Creation-Date",
    "PO-Revision-Date",
    "Generated-By",
    "Last-Translator",
    "Language-Team",
    "Project-Id-Version",
    "Report-Msgid-Bugs-To",
)


def read(path: Path) -> Catalog:
    """Return a language's catalogue; raises `babel.messages.pofile.PoFileError` for what is no .po file."""
    with path.open("rb") as file:
        return read_po(file, locale=language_of(path), domain=path.stem, abort_invalid=True)


def write(book: Book, language: str, catalogue: Catalog) -> None:
    """Write a language's catalogue."""
    path = book.file(language)
    catalogue.header_comment = HEADER.format(says=book.says)
    catalogue.fuzzy = False
    body = BytesIO()
    write_po(body, catalogue, width=0, no_location=True, sort_output=True, ignore_obsolete=True)
    skipped = tuple(f'"{name}:' for name in UNSAID)
    lines = [line for line in body.getvalue().decode().splitlines() if not line.startswith(skipped)]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines).strip() + "\n", encoding="utf-8")
