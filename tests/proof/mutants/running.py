"""Runs mutmut over a copy of what a target needs: it wants the sources beside the tests, under `src`."""

import json
import os
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

from tests.proof.mutants.targets import Target

WORK = Path(".cache/mutants").resolve()
SITE = WORK / "site"
LOCK = "requirements/mutants.txt"
COPIED = {
    "layers/core/python/toolcrib": "src/toolcrib",
    "edge": "src/edge",
    "tests/conftest.py": "tests/conftest.py",
    "tests/support": "tests/support",
    "tests/proof/__init__.py": "tests/proof/__init__.py",
    "tests/proof/linearizable": "tests/proof/linearizable",
    "tests/toolcrib": "tests/toolcrib",
    "tests/edge": "tests/edge",
    "infra": "infra",
    "functions": "functions",
    "events": "events",
}
CONFIG = """[tool.mutmut]
source_paths = ["src"]
only_mutate = {files}
also_copy = ["infra", "functions", "events"]
pytest_add_cli_args = ["-p", "no:cacheprovider"]
pytest_add_cli_args_test_selection = {tests}
use_git_change_detection = false
track_dependencies = false

[tool.pytest.ini_options]
pythonpath = [".", "src", "functions/api", "functions/notices", "functions/schedules"]
addopts = ["--import-mode=importlib"]
asyncio_mode = "auto"
markers = ["journey: a whole story on MiniStack", "race: contenders on MiniStack"]
"""
SOURCES = ("layers/core/python/toolcrib", "edge")
SHARED = ("tests/conftest.py", "tests/support", "tests/proof/linearizable")
NICE = ("nice", "-n", "19")
NOT_KILLED = frozenset({"survived", "no tests", "suspicious", "not checked"})


def install() -> None:
    """Put mutmut, hash-locked, into a folder of its own."""
    command = (
        "pip",
        "install",
        "--quiet",
        "--target",
        str(SITE),
        "--no-deps",
        "--require-hashes",
        "--requirement",
        LOCK,
    )
    uv = Path(sys.executable).parent / "uv"
    subprocess.run(
        [str(uv), *command], check=True, env={**os.environ, "UV_CACHE_DIR": str(Path(".cache/uv").resolve())}
    )


def survivors(name: str, target: Target) -> tuple[dict[str, str], int]:
    """Return the mutants that no test noticed, with what became of them, and how many mutants there were.

    What was found is kept for as long as neither the sources nor the target's tests change, also where the run was
    broken off: mutmut goes on where it was.
    """
    folder, kept, digest = WORK / name, WORK / f"{name}.json", _digest(target)
    if not kept.exists() or json.loads(kept.read_text())["digest"] != digest:
        _copy(folder, target, digest)
        kept.write_text(json.dumps({"digest": digest, "became": _tried(folder)}))
    became: dict[str, str] = json.loads(kept.read_text())["became"]
    return {mutant: how for mutant, how in became.items() if how in NOT_KILLED}, len(became)


def _tried(folder: Path) -> dict[str, str]:
    (folder / "run.log").write_text(_mutmut(folder, "run", "--max-children", os.environ.get("MUTANTS_AT_ONCE", "1")))
    lines = [line.strip().rsplit(": ", 1) for line in _mutmut(folder, "results", "--all", "true").splitlines()]
    return {line[0]: line[1] for line in lines if len(line) == 2}


def _digest(target: Target) -> str:
    """Return what tells whether anything has changed that the target's tests may see."""
    parts = [Path(each) for each in (*SOURCES, *SHARED, *target.tests)]
    files = (file for part in parts for file in ([part] if part.is_file() else part.rglob("*.py")))
    told = sha256(_config(target).encode())
    for file in sorted(files):
        told.update(str(file).encode() + file.read_bytes())
    return told.hexdigest()


def _copy(folder: Path, target: Target, digest: str) -> None:
    """Copy what is needed, unless just that is there already."""
    of = folder / "digest"
    if of.exists() and of.read_text() == digest:
        return
    shutil.rmtree(folder, ignore_errors=True)
    for source, to in COPIED.items():
        (folder / to).parent.mkdir(parents=True, exist_ok=True)
        copy = shutil.copyfile if Path(source).is_file() else _copy_tree
        copy(source, folder / to)
    (folder / "pyproject.toml").write_text(_config(target))
    of.write_text(digest)


def _config(target: Target) -> str:
    return CONFIG.format(files=_listed(target.files), tests=_listed(target.tests))


def _copy_tree(source: str, to: Path) -> None:
    shutil.copytree(source, to, ignore=shutil.ignore_patterns("__pycache__"))


def _listed(names: tuple[str, ...]) -> str:
    return "[" + ", ".join(f'"{name}"' for name in names) + "]"


def _mutmut(folder: Path, *words: str) -> str:
    environment = {**os.environ, "PYTHONPATH": str(SITE)}
    command = [*NICE, sys.executable, "-m", "mutmut", *words]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"mutmut {words[0]} in {folder} ended early: {done.stdout[-2_000:]}{done.stderr[-2_000:]}")
    return done.stdout
