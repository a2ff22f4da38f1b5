"""The translations, one catalogue a language, read when first somebody speaks it."""

from functools import cache
from gettext import NullTranslations, translation
from pathlib import Path
from typing import Final

from toolcrib.domain.languages import ENGLISH

DOMAIN: Final = "notices"
LOCALE: Final = Path(__file__).parents[1] / "locale"


@cache
def catalogue(language: str) -> NullTranslations:
    """Return a spoken language's catalogue. English needs none: its sentences are in the source."""
    return NullTranslations() if language == ENGLISH else translation(DOMAIN, LOCALE, [language])
