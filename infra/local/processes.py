"""Programs that `up` starts in the background and `down` stops: known by pid and start time, never by name.

Each leads a session of its own, which its children (MiniStack's Lambda processes) share: so they are found even when
the program itself died before them.
"""

import os
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import psutil

from infra.cli.environment import inherited
from infra.local.home import Home

SAME_START_S = 5  # start times are reckoned from boot, and the clock may have been set since
GRACE_S = 15  # MiniStack writes its state on the way out
KEPT_LOG_BYTES = 5_000_000  # a log that grew beyond this begins anew with the program


def start(home: Home, name: str, command: Sequence[str | Path], environment: Mapping[str, str]) -> None:
    """Start a program that outlives this one, its output in `<name>.log`."""
    home.folder.mkdir(parents=True, exist_ok=True)
    path = home.folder / f"{name}.log"
    grown = path.exists() and path.stat().st_size > KEPT_LOG_BYTES
    with path.open("wb" if grown else "ab") as log:
        process = subprocess.Popen(  # outlives this command by intent
            command,
            env={**inherited(), **environment},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    process.returncode = 0  # nobody here waits for it, and `subprocess` need not warn of that
    home.write(f"{name}.pid.json", {"pid": process.pid, "started": psutil.Process(process.pid).create_time()})


def find(home: Home, name: str) -> psutil.Process | None:
    """Return the running program, None when it is not running (or its pid belongs to another by now)."""
    known = home.read(f"{name}.pid.json")
    process = _process(known["pid"]) if known else None
    try:
        same = process is not None and abs(process.create_time() - known["started"]) < SAME_START_S
    except psutil.NoSuchProcess:
        return None
    return process if process is not None and same and _alive(process) else None


def stop(home: Home, name: str) -> bool:
    """Stop the program and everything it started, wait until all of it is gone; return whether it was running."""
    process = find(home, name)
    family = _family(home.read(f"{name}.pid.json"), process)
    if process is not None:
        _end(process)
        psutil.wait_procs([process], timeout=GRACE_S)
    _, left = psutil.wait_procs(family, timeout=GRACE_S if process is not None else 0)
    left += [each for each in _family(home.read(f"{name}.pid.json"), None) if each not in left]
    for survivor in left:
        _end(survivor, now=True)
    psutil.wait_procs(left, timeout=GRACE_S)
    (home.folder / f"{name}.pid.json").unlink(missing_ok=True)
    return bool(process is not None or family)


def _family(known: Mapping[str, float], process: psutil.Process | None) -> list[psutil.Process]:
    """Return the program with all it started. A session's number is not given away while anybody is in it."""
    if not known or (process is None and _process(int(known["pid"])) is not None):
        return []  # the pid is another program's by now
    session = int(known["pid"])
    return [each for each in psutil.process_iter() if _session(each.pid) == session and _alive(each)]


def _process(pid: int) -> psutil.Process | None:
    try:
        return psutil.Process(pid)
    except psutil.NoSuchProcess:
        return None


def _session(pid: int) -> int | None:
    try:
        return os.getsid(pid)
    except (ProcessLookupError, PermissionError):
        return None


def _alive(process: psutil.Process) -> bool:
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _end(process: psutil.Process, *, now: bool = False) -> None:
    with suppress(psutil.NoSuchProcess):  # it was faster
        process.kill() if now else process.terminate()
