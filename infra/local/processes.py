"""Programs that `up` starts in the background and `down` stops: known by pid and start time, never by name."""

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

import psutil

from infra.local.home import Home

SAME_START_S = 5  # start times are reckoned from boot, and the clock may have been set since
GRACE_S = 15  # MiniStack writes its state on the way out


def start(home: Home, name: str, command: Sequence[str | Path], environment: Mapping[str, str]) -> None:
    """Start a program that outlives this one, its output in `<name>.log`."""
    home.folder.mkdir(parents=True, exist_ok=True)
    with (home.folder / f"{name}.log").open("ab") as log:
        process = subprocess.Popen(  # outlives this command by intent
            command,
            env={**os.environ, **environment},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    home.write(f"{name}.pid.json", {"pid": process.pid, "started": psutil.Process(process.pid).create_time()})


def find(home: Home, name: str) -> psutil.Process | None:
    """Return the running program, None when it is not running (or its pid belongs to another by now)."""
    known = home.read(f"{name}.pid.json")
    try:
        process = psutil.Process(known["pid"]) if known else None
        alive = process is not None and abs(process.create_time() - known["started"]) < SAME_START_S
        return process if alive and process.status() != psutil.STATUS_ZOMBIE else None
    except psutil.NoSuchProcess:
        return None


def stop(home: Home, name: str) -> bool:
    """Stop the program and everything it started; return whether it was running."""
    process = find(home, name)
    if process is not None:
        family = [process, *process.children(recursive=True)]
        process.terminate()
        _, left = psutil.wait_procs(family, timeout=GRACE_S)
        for survivor in left:
            survivor.kill()
        psutil.wait_procs(left, timeout=GRACE_S)
    (home.folder / f"{name}.pid.json").unlink(missing_ok=True)
    return process is not None
