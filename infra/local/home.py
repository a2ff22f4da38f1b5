"""Where the local stack keeps what it made: `.toolcrib`, or the folder TOOLCRIB_HOME names."""

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.cli.errors import CommandError
from infra.cli.paths import ROOT


class LocalStackError(CommandError):
    """The local stack cannot do what was asked; the text says what to do about it."""


@dataclass(frozen=True)
class Home:
    """One local stack's folder; a second one elsewhere is a second stack."""

    folder: Path

    @property
    def stack_file(self) -> Path:
        """What other programs read to find their way (design.md, *Local stack*)."""
        return self.folder / "stack.json"

    def read(self, name: str) -> dict[str, Any]:
        """Return a JSON file of this folder, empty when it is not there."""
        path = self.folder / name
        return json.loads(path.read_text()) if path.exists() else {}

    def write(self, name: str, content: dict[str, Any]) -> None:
        """Write a JSON file as a whole, readable by its owner only: some hold keys."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        half = path.with_suffix(".half")
        half.touch(mode=0o600)
        half.write_text(json.dumps(content, indent=2) + "\n")
        half.replace(path)


def home() -> Home:
    """Return the folder in use."""
    return Home(Path(os.environ.get("TOOLCRIB_HOME", ROOT / ".toolcrib")).resolve())
