"""What a long form can be broken off and taken up again by: each piece of work is kept under the commit it was done at.

Of a commit with changes nothing is kept, since nobody knows what was changed.
"""

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.proof.figures import HELD

PAGE = Path("docs/proof.md")
PIECES = Path(".cache/proof/pieces")
DIRTY = "-dirty"


def commit() -> str:
    """Return the commit that is proven; a change since makes it dirty, unless a proof itself wrote it."""
    changed = _git("status", "--porcelain", "--untracked-files=no", "--", ".", f":!{PAGE}", f":!{HELD}")
    return _git("describe", "--always") + (DIRTY if changed else "")


def _git(*words: str) -> str:
    return subprocess.run(["git", *words], capture_output=True, text=True, check=True).stdout.strip()


class Work:
    """Pieces of work by name, as JSON; `about` is what else they depend on."""

    def __init__(self, part: str, about: str) -> None:
        at = commit()
        self._file = None if at.endswith(DIRTY) else PIECES / f"{part}-{about}-{at}.jsonl"

    def done(self) -> Mapping[str, Any]:
        """Return what was done before."""
        if self._file is None or not self._file.exists():
            return {}
        return dict(json.loads(line) for line in self._file.read_text().splitlines())

    def keep(self, name: str, piece: Any) -> None:
        """Keep a piece."""
        if self._file is not None:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            with self._file.open("a") as file:
                file.write(json.dumps([name, piece]) + "\n")
