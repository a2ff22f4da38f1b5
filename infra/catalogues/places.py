"""Where catalogues are, and what is looked through for sentences."""

from pathlib import Path
from typing import Final

from infra.cli.paths import ROOT

SOURCE: Final = ROOT / "layers" / "core" / "python" / "toolcrib"
LOCALE: Final = SOURCE / "send" / "words" / "locale"
DOMAIN: Final = "toolcrib"


def catalogue_files() -> list[Path]:
    """Return every language's .po file."""
    return sorted(LOCALE.glob(f"*/LC_MESSAGES/{DOMAIN}.po"))


def language_of(path: Path) -> str:
    """Return the language of a .po file, from where it stands."""
    return path.parents[1].name
