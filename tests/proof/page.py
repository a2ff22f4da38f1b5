"""`docs/proof.md`, written by the run itself."""

from collections.abc import Iterable

from tests.proof.figures import Figure, Proven

HEAD = """# Proof

How hard the record was tried to be broken, and what came of it. `make prove` writes this page; `make prove PARTS="…"`
runs some parts anew and keeps what the others came to. What is tried, and how, is told in
[proving.md](proving.md).

| goal | what | bar | reached | |
|---|---|---|---|---|
"""
TAIL = """
| part | run at | commit | seconds |
|---|---|---|---|
"""


def page(parts: Iterable[str], proven: Iterable[Proven]) -> str:
    """Return the page; a part that was never run says so."""
    known = {each.part: each for each in proven}
    figures = [figure for each in known.values() for figure in each.figures]
    rows = [_row(figure) for figure in sorted(figures, key=lambda each: (each.goal[0], int(each.goal[1:]), each.name))]
    runs = [_run(part, known.get(part)) for part in parts]
    return HEAD + "\n".join(rows) + "\n" + TAIL + "\n".join(runs) + "\n"


def _row(figure: Figure) -> str:
    held = "held" if figure.held else "**NOT HELD**"
    return f"| {figure.goal} | {figure.name} | {figure.bar} | {figure.reached} | {held} |"


def _run(part: str, proven: Proven | None) -> str:
    if proven is None:
        return f"| {part} | not run | | |"
    return f"| {part} | {proven.at} | `{proven.commit}` | {proven.seconds} |"
