"""Finds the sentences in the source: what `sentence` and `counted` mark (`send/words/marks.py`)."""

from typing import Any, Final

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir

from infra.catalogues.places import DOMAIN, SOURCE

MARKS: Final[dict[str, Any]] = {"sentence": None, "counted": (1, 2)}


def extracted() -> Catalog:
    """Return all sentences without translations."""
    template = Catalog(domain=DOMAIN, charset="utf-8")
    for _, _, message, _, _ in extract_from_dir(SOURCE, method_map=[("**.py", "python")], keywords=MARKS):
        template.add(message)
    return template
