"""Finds the sentences in the source: what is marked (`send/words/marks.py`), and what `say` is told to say."""

from typing import Any, Final

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir

from infra.catalogues.places import Book

MARKS: Final[dict[str, Any]] = {"sentence": None, "counted": (1, 2), "say": None}


def extracted(book: Book) -> Catalog:
    """Return all sentences of a book without translations."""
    template = Catalog(domain=book.domain, charset="utf-8")
    for _, _, message, _, _ in extract_from_dir(book.source, method_map=[("**.py", "python")], keywords=MARKS):
        template.add(message)
    return template
