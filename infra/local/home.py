"""Where the local stack keeps what it made: `.toolcrib`, or the folder TOOLCRIB_HOME names."""

import fcntl
import json
import os
from collections.abc import Callable
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

    def write_private(self, name: str, content: bytes) -> str:
        """Write a file that its owner only may read, and return its path."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        path.touch(mode=0o600)
        path.write_bytes(content)
        return str(path)

    def update(self, name: str, change: Callable[[dict[str, Any]], None]) -> dict[str, Any]:
        """Change a JSON file while nobody else does; return what it holds then."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            content = self.read(name)
            change(content)
            self.write(name, content)
        return content


def home() -> Home:
    """Return the folder in use."""
    return Home(Path(os.environ.get("TOOLCRIB_HOME", ROOT / ".toolcrib")).resolve())
