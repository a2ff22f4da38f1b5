"""Turns back an update that does not start; run by the system's own Python before every start of the bank.

    ExecStartPre=-/usr/bin/python3 -I /usr/local/lib/toolcrib-bank/guard.py /opt/toolcrib

It stands alone: it imports nothing of the software it judges, and nothing beside the standard library. While an update
is on trial it counts the starts; after the third it points `current` to the slot before. Whatever it cannot read it
leaves as it is: a bank that starts is worth more than a guard that is right.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

MOST_STARTS = 3


def guard(root: Path) -> str:
    """Count a start on trial, or turn the update back; returns what was done, for the log."""
    state = root / "update.json"
    try:
        update: dict[str, Any] = json.loads(state.read_bytes())
        phase, source, target = str(update["phase"]), str(update["source"]), str(update["target"])
        starts = int(update.get("starts", 0))
    except (OSError, ValueError, TypeError, KeyError):
        return "no update is under way"
    if phase != "trial" or not (root / source).is_dir():
        return f"nothing to do: {phase}"
    if starts < MOST_STARTS:
        _put(state, {**update, "starts": starts + 1})
        return f"start {starts + 1} of {MOST_STARTS} of {target} on trial"
    _point(root / "current", source)
    _put(state, {**update, "phase": "back", "why": f"it was started {starts} times and did not come to work"})
    return f"{target} does not come to work: back to {source}"


def _put(path: Path, content: dict[str, Any]) -> None:
    half = path.with_name(f"{path.name}.guard")
    with half.open("w") as file:
        json.dump(content, file)
        file.flush()
        os.fsync(file.fileno())
    half.chmod(0o600)
    half.replace(path)
    _sync(path.parent)


def _point(link: Path, to: str) -> None:
    half = link.with_name(f"{link.name}.guard")
    half.unlink(missing_ok=True)
    half.symlink_to(to)
    half.replace(link)
    _sync(link.parent)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


if __name__ == "__main__":
    sys.stdout.write(guard(Path(sys.argv[1])) + "\n")
