"""Turns back an update that does not come to work; run by the system's own Python whenever systemd starts the bank.

    ExecStartPre=-/usr/bin/python3 -I /usr/local/lib/toolcrib-bank/guard.py /opt/toolcrib
    ExecStartPost=-/usr/bin/python3 -I /usr/local/lib/toolcrib-bank/guard.py /opt/toolcrib $MAINPID

It stands alone: it imports nothing of the software it judges, and nothing beside the standard library. While an update
is on trial it counts the starts; after the third it points `current` to the slot before. And it stays beside the bank
until the trial is over: what neither works nor ends within seven minutes it turns back and ends. Whatever it cannot
read it leaves as it is: a bank that starts is worth more than a guard that is right.
"""

import json
import os
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

MOST_STARTS = 3
WATCH_S = 420  # the software on trial gives up by itself after 300; from then on nobody else does
END_S = 40  # as systemd's TimeoutStopSec


def guard(root: Path) -> str:
    """Count a start on trial, or turn the update back; returns what was done, for the log."""
    update = on_trial(root)
    if update is None:
        return "no update is on trial"
    starts, target = int(update.get("starts", 0)), update["target"]
    if starts < MOST_STARTS:
        _put(root / "update.json", {**update, "starts": starts + 1})
        return f"start {starts + 1} of {MOST_STARTS} of {target} on trial"
    return _back(root, update, f"it was started {starts} times and did not come to work")


def watch(root: Path, process: int, wait: Callable[[float], None] = time.sleep) -> str:
    """Wait for the end of a trial; turn the update back and end the bank's process where it does not come."""
    handle = os.pidfd_open(process)  # the number may be another's by then, this never is
    wait(WATCH_S)
    update = on_trial(root)
    if update is None:
        return "the trial is over"
    done = _back(root, update, f"it neither worked nor ended within {WATCH_S} s")
    with suppress(ProcessLookupError):
        signal.pidfd_send_signal(handle, signal.SIGTERM)  # systemd then ends this, too, and starts the slot before
        wait(END_S)
        signal.pidfd_send_signal(handle, signal.SIGKILL)
    return done


def on_trial(root: Path) -> dict[str, Any] | None:
    """Return the update that is on trial and can be turned back, or None."""
    try:
        update: dict[str, Any] = json.loads((root / "update.json").read_bytes())
        known = [str(update[name]) for name in ("phase", "source", "target")]
        int(update.get("starts", 0))
    except (OSError, ValueError, TypeError, KeyError):
        return None
    return update if known[0] == "trial" and (root / known[1]).is_dir() else None


def _back(root: Path, update: dict[str, Any], why: str) -> str:
    _point(root / "current", str(update["source"]))
    _put(root / "update.json", {**update, "phase": "back", "why": why})
    return f"{update['target']}: {why}; back to {update['source']}"


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
    place = Path(sys.argv[1])
    if sys.argv[2:]:
        if on_trial(place) and os.fork() == 0:  # systemd waits for the parent alone
            sys.stdout.write(watch(place, int(sys.argv[2])) + "\n")
    else:
        sys.stdout.write(guard(place) + "\n")
