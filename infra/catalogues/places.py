"""Where catalogues are, and what is looked through for their sentences."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from infra.cli.paths import ROOT


@dataclass(frozen=True)
class Book:
    """One set of catalogues, one a language: `domain` names its files, `source` is where its sentences are marked."""

    domain: str
    source: Path
    locale: Path
    says: str

    def file(self, language: str) -> Path:
        """Return where the catalogue of a language is, or will be."""
        return self.locale / language / "LC_MESSAGES" / f"{self.domain}.po"

    def files(self) -> list[Path]:
        """Return every language's .po file."""
        return sorted(self.locale.glob(f"*/LC_MESSAGES/{self.domain}.po"))


_LAYER: Final = ROOT / "layers" / "core" / "python" / "toolcrib"
_WORDING: Final = ROOT / "functions" / "notices" / "chalicelib" / "notices" / "wording"
_PAGES: Final = ROOT / "functions" / "api" / "chalicelib" / "answers"
_SLACK: Final = ROOT / "functions" / "api" / "chalicelib" / "slack"

BANKS: Final = Book("toolcrib", _LAYER, _LAYER / "send" / "words" / "locale", "What a bank says")
NOTICES: Final = Book("notices", _WORDING, _WORDING / "locale", "What notices say")
ANSWERS: Final = Book("answers", _PAGES, _PAGES / "locale", "What the pages behind a mail's buttons say")
SLACK: Final = Book("slack", _SLACK, _SLACK / "locale", "What Slack answers, and the app's home")
_KIOSK: Final = ROOT / "edge" / "kiosk"
KIOSK: Final = Book("kiosk", _KIOSK, _KIOSK / "locale", "What the screen of a bank says by itself")
BOOKS: Final = (BANKS, NOTICES, ANSWERS, SLACK, KIOSK)


def catalogue_files() -> list[Path]:
    """Return every .po file of every book."""
    return [path for book in BOOKS for path in book.files()]


def language_of(path: Path) -> str:
    """Return the language of a .po file, from where it stands."""
    return path.parents[1].name
