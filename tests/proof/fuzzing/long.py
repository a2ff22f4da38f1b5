"""The long form of G11: every parser, guided by coverage, for 60 s; then poison records among good ones.

`TOOLCRIB_FUZZ_S` seconds a parser, `TOOLCRIB_FUZZ_WORKERS` at a time, `TOOLCRIB_POISON_BATCHES` override how much.
Atheris is installed into `.cache/atheris` from requirements/fuzz.txt; nothing else needs it.
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rich.console import Console
from rich.progress import track

from tests.proof.figures import Figure, Say
from tests.proof.resuming import Work

SECONDS = float(os.environ.get("TOOLCRIB_FUZZ_S", "60"))
WORKERS = int(os.environ.get("TOOLCRIB_FUZZ_WORKERS", str(os.cpu_count() or 1)))
BATCHES = int(os.environ.get("TOOLCRIB_POISON_BATCHES", "2000"))
GRACE_S = 1_800  # for importing, and for what is nasty on a busy machine
ATHERIS = Path(".cache/atheris").resolve()
APPS = [str(Path("functions", app).resolve()) for app in ("api", "notices")]  # as pyproject.toml has it for pytest
UV = Path(sys.executable).with_name("uv")


def prove(say: Say) -> Sequence[Figure]:
    """Return how often each parser was run, and what it did not handle."""
    sys.path += [app for app in APPS if app not in sys.path]
    from tests.proof.fuzzing.table import PARSERS

    _install()
    work = Work("fuzzing", f"{SECONDS:.0f}")
    seen = dict(work.done())
    left = [name for name in PARSERS if name not in seen]
    with ThreadPoolExecutor(WORKERS) as pool:
        fuzzing = zip(left, pool.map(fuzzed, left), strict=True)
        for name, counted in track(fuzzing, "fuzzing", total=len(left), console=Console(stderr=True)):
            seen[name] = counted
            work.keep(name, counted)
    return (*(_figure(name, seen[name], say) for name in PARSERS), _poison())


def _install() -> None:
    into = ("--python", sys.executable, "--target", ATHERIS)
    only = ("--only-binary", ":all:", "--require-hashes", "--requirement", "requirements/fuzz.txt")
    cache = {"UV_CACHE_DIR": str(Path(".cache/uv").resolve())}
    subprocess.run([UV, "pip", "install", "--quiet", *into, *only], check=True, env=os.environ | cache)


def fuzzed(name: str) -> Mapping[str, Any]:
    """Fuzz a parser in a process of its own; returns what it counted."""
    with TemporaryDirectory() as folder:
        path = os.pathsep.join([str(ATHERIS), *APPS])
        done = subprocess.run(
            [sys.executable, "-m", "tests.proof.fuzzing.target", name, str(SECONDS), folder],
            env=os.environ | {"PYTHONPATH": path},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            timeout=SECONDS + GRACE_S,
            check=False,
        )
        told = Path(folder) / "seen.json"
        if not told.exists():
            raise RuntimeError(f"fuzzing {name} ended early: {done.stderr.decode(errors='replace')[-2_000:]}")
        counted: Mapping[str, Any] = json.loads(told.read_text())
        return counted


def _figure(name: str, seen: Mapping[str, Any], say: Say) -> Figure:
    say(f"{name}: {seen['executions']:,} executions, {seen['understood']:,} understood, {seen['unhandled']} unhandled")
    for failure in seen["failures"]:
        say(f"  {failure['error']} of {failure['input'][:500]}")
    return Figure(
        goal="G11",
        name=f"fuzzing {name}, {SECONDS:.0f} s",
        bar="0 unhandled",
        reached=f"{seen['executions']:,} executions, {seen['unhandled']} unhandled",
        held=seen["executions"] > 0 and seen["unhandled"] == 0,
    )


def _poison() -> Figure:
    from tests.proof.fuzzing.poison import BATCH, tried

    seen = tried(BATCHES, repeatable=False)
    neighbours = seen.poisoned * (BATCH - 1)
    return Figure(
        goal="G11",
        name=f"one poison record in {BATCH} of the stream",
        bar="0 blocked neighbours",
        reached=f"{seen.poisoned:,} set aside, {seen.applied:,} neighbours applied at once, {seen.blocked} blocked",
        held=seen.poisoned > 0 and (seen.blocked, seen.applied, seen.set_aside) == (0, neighbours, seen.poisoned),
    )
