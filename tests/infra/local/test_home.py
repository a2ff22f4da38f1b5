"""A stack's folder: files are whole, private, and changed by one program at a time."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from infra.local.home import Home, home


def test_it_is_where_the_environment_says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TOOLCRIB_HOME", str(tmp_path / "a" / ".." / "b"))
    assert home().folder == tmp_path / "b"


def test_a_file_that_is_not_there_is_empty(folder: Home) -> None:
    assert folder.read("stack.json") == {}
    assert not folder.folder.exists()


def test_what_is_written_is_for_its_owner_only(folder: Home) -> None:
    folder.write("stack.json", {"org": "acme"})
    path = Path(folder.write_private("banks/hq-01.key", b"secret"))
    assert folder.read("stack.json") == {"org": "acme"}
    assert path.read_bytes() == b"secret"
    assert {stat.S_IMODE(each.stat().st_mode) for each in (folder.stack_file, path)} == {0o600}


def test_a_private_file_is_replaced_with_its_mode_mended(folder: Home) -> None:
    path = Path(folder.write_private("banks/hq-01.key", b"old"))
    path.chmod(0o644)
    folder.write_private("banks/hq-01.key", b"new")
    assert (path.read_bytes(), stat.S_IMODE(path.stat().st_mode)) == (b"new", 0o600)


def test_changes_at_the_same_time_lose_nothing(folder: Home) -> None:
    def add(number: int) -> dict[str, Any]:
        return folder.update("stack.json", lambda stack: stack.update({str(number): number}))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(add, range(40)))
    assert folder.read("stack.json") == {str(number): number for number in range(40)}
