"""Messages as a mail client and Slack would show them, written to a folder to be looked at."""

import json
from pathlib import Path

from infra.messages.app import Message, word
from infra.messages.pages import example_link
from infra.messages.samples import Sample, samples


def chosen(kind: str | None) -> list[Sample]:
    """Return the samples of a kind, or all of them; none where there is no such kind."""
    return [sample for sample in samples() if kind is None or sample.kind == kind]


def write(folder: Path, language: str, kind: str | None) -> list[Path]:
    """Write each message as .html, .txt and .json (Slack's blocks), and return the .html files."""
    folder.mkdir(parents=True, exist_ok=True)
    return [_written(folder / sample.kind, word(sample.in_language(language), example_link)) for sample in chosen(kind)]


def _written(stem: Path, message: Message) -> Path:
    stem.with_suffix(".txt").write_text(f"Subject: {message.subject}\n\n{message.text}", encoding="utf-8")
    stem.with_suffix(".json").write_text(json.dumps({"blocks": message.blocks}, indent=2, ensure_ascii=False))
    page = stem.with_suffix(".html")
    page.write_text(message.html, encoding="utf-8")
    return page
