"""What runs in a bank needs nothing of the rest of the product, and no package but its own requirements."""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

MODULES = sorted(path for path in Path("edge").rglob("*.py"))
WANTED = Path("requirements/edge.in").read_text()
LOCKED = {
    name.lower()
    for name in re.findall(r"^([A-Za-z0-9_.-]+)==", Path("requirements/edge.txt").read_text(), re.MULTILINE)
}
DISTRIBUTIONS = packages_distributions()


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def direct() -> list[str]:
    lines = (line.partition("#")[0].strip() for line in WANTED.splitlines())
    return [line for line in lines if line]


def test_edge_imports_itself_the_standard_library_and_what_its_requirements_name() -> None:
    named = {plain(re.split(r"[\[;]", line)[0].strip()) for line in direct()}
    foreign = [
        f"{path}: {name}"
        for path in MODULES
        for name in imported(path)
        if (top := name.split(".")[0]) not in {*sys.stdlib_module_names, "edge"}
        and not named & {plain(each) for each in DISTRIBUTIONS.get(top, [])}
    ]
    assert foreign == []


def test_the_lock_has_everything_that_is_named() -> None:
    assert {plain(re.split(r"[\[;]", line)[0].strip()) for line in direct()} <= {plain(name) for name in LOCKED}


def test_the_extra_is_the_requirements() -> None:
    extra = tomllib.loads(Path("pyproject.toml").read_text())["project"]["optional-dependencies"]["bank"]
    assert sorted(extra) == sorted(line.replace('"', "'") for line in direct())


def test_every_module_is_imported_with_nothing_else_installed() -> None:
    """As on a board: whatever is not locked for it cannot be found."""
    allowed = {top for top, names in DISTRIBUTIONS.items() if {plain(name) for name in names} & set(map(plain, LOCKED))}
    modules = [str(path.with_suffix("")).replace("/", ".").removesuffix(".__init__") for path in MODULES]
    code = f"""
import importlib, sys
allowed = {sorted({*allowed, "edge"})!r}
class Bare:
    def find_spec(self, name, path=None, target=None):
        top = name.split('.')[0]
        if top not in allowed and top not in sys.stdlib_module_names:
            raise ModuleNotFoundError(f"{{name}} is not on a board", name=name)
sys.meta_path.insert(0, Bare())
for module in {modules!r}:
    importlib.import_module(module)
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr


@pytest.mark.parametrize("name", ["pymodbus", "serialx", "evdev", "starlette", "uvicorn", "typer", "pydantic"])
def test_hardware_pages_and_command_lines_are_loaded_only_where_they_are_used(name: str) -> None:
    """What a bank does not have costs it no memory."""
    code = f"import sys, edge.cli.serving; sys.exit({name!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
