"""The screen's own words in five languages; catalogues are shipped with the package (`make words`)."""

from collections.abc import Mapping
from functools import cache
from gettext import NullTranslations, translation
from pathlib import Path
from typing import Final, Literal, get_args

Language = Literal["en", "de", "es", "fr", "pl"]
ENGLISH: Final = "en"
NAMES: Final[Mapping[str, str]] = {
    ENGLISH: "English",
    "de": "Deutsch",
    "es": "Español",
    "fr": "Français",
    "pl": "Polski",
}
SPOKEN: Final[tuple[str, ...]] = get_args(Language)
LOCALE: Final = Path(__file__).with_name("locale")


class Speaker:
    """Says sentences in one language: the person's if it is spoken here, else English."""

    def __init__(self, language: str) -> None:
        self.language = spoken(language)
        self._catalogue = _catalogue(self.language)

    def say(self, sentence: str, **facts: object) -> str:
        """Return a sentence of the source in this language with its facts filled in."""
        words = self._catalogue.gettext(sentence)
        return words.format_map(facts) if facts else words  # what the cloud worded may have braces of its own


def sentence(words: str) -> str:
    """Mark an English sentence that is said elsewhere."""
    return words


def spoken(tag: str) -> str:
    """Return the language of a tag such as `de-AT` if it is spoken here, else English."""
    language = tag.replace("_", "-").partition("-")[0].lower()
    return language if language in SPOKEN else ENGLISH


@cache
def _catalogue(language: str) -> NullTranslations:
    return NullTranslations() if language == ENGLISH else translation("kiosk", LOCALE, [language])
