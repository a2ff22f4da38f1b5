"""Imports point down only: functions → flows → {domain, store, send}; store and send → domain; domain → nothing."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

LAYER = Path("layers/core/python/toolcrib")
BASE = {"settings", "clients", "secrets", "telemetry", "wire"}
MAY_IMPORT = {
    "domain": {"domain"},
    "wire": {"wire", "domain"},
    "store": {"domain", "store", "settings", "clients"},
    "send": {"domain", "send", *BASE},
    "flows": {"domain", "store", "send", "flows", *BASE},
}
OUTSIDE_OF_THE_DOMAIN = {"msgspec"}  # its structs are what the records are: domain/record.py
MOST_LINES = 300


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            if node.module == "toolcrib":
                yield from (f"toolcrib.{alias.name}" for alias in node.names)


def _files(folder: str) -> list[Path]:
    return sorted((LAYER / folder).rglob("*.py"))


@pytest.mark.parametrize("room", sorted(MAY_IMPORT))
def test_imports_point_down_only(room: str) -> None:
    upward = [
        f"{path}: {name}"
        for path in _files(room)
        for name in _imports(path)
        if name.startswith("toolcrib.") and name.split(".")[1] not in MAY_IMPORT[room]
    ]
    assert not upward


def test_the_domain_needs_nothing_but_the_standard_library_and_structs() -> None:
    allowed = sys.stdlib_module_names | OUTSIDE_OF_THE_DOMAIN | {"toolcrib"}
    used = ((path, name) for path in _files("domain") for name in _imports(path))
    foreign = [f"{path}: {name}" for path, name in used if name.split(".")[0] not in allowed]
    assert not foreign


def test_only_the_store_knows_dynamodb() -> None:
    others = (path for path in LAYER.rglob("*.py") if path.parent.name != "store")
    knowing = [str(path) for path in others if any(name.startswith("pynamodb") for name in _imports(path))]
    assert not knowing


def test_the_layer_never_imports_what_stands_above_it() -> None:
    used = ((path, name) for path in LAYER.rglob("*.py") for name in _imports(path))
    above = [f"{path}: {name}" for path, name in used if name.split(".")[0] in {"infra", "edge", "chalicelib"}]
    assert not above


@pytest.mark.parametrize(("folder", "below"), [("flows", ("flows", "deciding")), ("deciding", ("deciding",))])
def test_what_the_api_carries_out_and_decides_knows_nothing_of_http(folder: str, below: tuple[str, ...]) -> None:
    own = tuple(f"chalicelib.{each}" for each in below)
    used = ((path, name) for path in Path("functions/api/chalicelib", folder).rglob("*.py") for name in _imports(path))
    above = [f"{path}: {name}" for path, name in used if name.startswith(("chalice.", "chalicelib."))]
    assert [each for each in above if not each.split(": ")[1].startswith(own)] == []


@pytest.mark.parametrize("folder", ["layers/core", "functions", "infra", "edge"])
def test_no_file_is_a_room_too_large_to_live_in(folder: str) -> None:
    lines = {str(path): len(path.read_text().splitlines()) for path in Path(folder).rglob("*.py")}
    assert {path: count for path, count in lines.items() if count > MOST_LINES} == {}
