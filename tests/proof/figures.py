"""What a proof came to: a figure beside the bar that it has to reach (safety.md, *Figures to reach*)."""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

HELD = Path("tests/proof/held")
"""What each part came to when it was run last; committed with the page, so that one part run anew keeps the others."""


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One figure. `goal` is its number in safety.md (`G3`), `name` says what was counted, `bar` what is asked for."""

    goal: str
    name: str
    bar: str
    reached: str
    held: bool


Say = Callable[[str], None]
Prove = Callable[[Say], Sequence[Figure]]
"""The long form of a part: says how far it is, returns its figures."""


@dataclass(frozen=True, kw_only=True)
class Proven:
    """A part that was run: when (RFC 3339, UTC), on which commit, in how many seconds, and its figures."""

    part: str
    at: str
    commit: str
    seconds: int
    figures: tuple[Figure, ...]

    def keep(self) -> None:
        """Keep it for the page, over an earlier run of the same part."""
        HELD.mkdir(exist_ok=True)
        (HELD / f"{self.part}.json").write_text(json.dumps(asdict(self), indent=2) + "\n")


def kept(part: str) -> Proven | None:
    """Return what a part came to when it was run last, or None."""
    path = HELD / f"{part}.json"
    if not path.exists():
        return None
    known = json.loads(path.read_text())
    return Proven(**{**known, "figures": tuple(Figure(**each) for each in known["figures"])})
