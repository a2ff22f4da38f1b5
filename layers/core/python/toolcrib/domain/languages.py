"""The languages that Toolcrib speaks at banks.

English is what sentences are written in, and what everybody gets whose language is not here.
"""

from typing import Final

ENGLISH: Final = "en"
SPOKEN: Final = (ENGLISH, "de", "es", "fr", "pl")


def spoken(tag: str | None) -> str | None:
    """Return the language of a tag such as `de`, `de-AT` or `PL_pl` if it is spoken here, else None."""
    language = (tag or "").replace("_", "-").partition("-")[0].lower()
    return language if language in SPOKEN else None
