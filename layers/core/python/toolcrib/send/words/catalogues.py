"""The translations, one catalogue a language and book of sentences, read when first somebody speaks it."""

from functools import cache
from gettext import NullTranslations, translation
from pathlib import Path
from typing import Final

from toolcrib.domain.languages import ENGLISH

DOMAIN: Final = "toolcrib"
LOCALE: Final = Path(__file__).with_name("locale")


@cache
def catalogue(language: str, domain: str = DOMAIN, locale: Path = LOCALE) -> NullTranslations:
    """Return a spoken language's catalogue: what banks say, or another book's `domain` in its own folder.

    English needs none: its sentences are in the source.
    """
    return NullTranslations() if language == ENGLISH else translation(domain, locale, [language])
