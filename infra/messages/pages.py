"""The pages of docs/messages, one a language: every message as its reader gets it."""

from pathlib import Path
from typing import Final

from infra.cli.paths import ROOT
from infra.messages.app import word
from infra.messages.samples import samples
from toolcrib.domain.languages import SPOKEN
from toolcrib.domain.reactions import Reaction

FOLDER: Final = ROOT / "docs" / "messages"
NAMES: Final = {"en": "English", "de": "Deutsch", "es": "Español", "fr": "Français", "pl": "Polski"}
TOP: Final = """# Messages: {name}

Every message with invented data, as a mail's plain half has it; Slack shows the same words, with buttons. Written by
`make docs`; see [how they look](../messages.md).
"""


def pages() -> dict[Path, str]:
    """Return every page by its path."""
    return {FOLDER / f"{language}.md": page(language) for language in SPOKEN}


def page(language: str) -> str:
    """Return the page of a language."""
    told = [TOP.format(name=NAMES[language])]
    for sample in samples():
        message = word(sample.in_language(language), example_link)
        told.append(f"## {sample.title}\n\n```text\n{message.text.rstrip()}\n```\n")
    return "\n".join(told)


def example_link(reaction: Reaction) -> str:
    """Return a link that leads nowhere, short enough to read past."""
    return f"https://toolcrib.example/v1/answers/{reaction}"


def write() -> None:
    """Write the pages anew."""
    for path, text in pages().items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write()
