"""What our programs inherit: everything but where Python looks for modules."""

import pytest

from infra.cli.environment import inherited


def test_programs_inherit_all_but_pythons_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", "elsewhere")
    monkeypatch.setenv("EDITOR", "ed")
    assert inherited()["EDITOR"] == "ed"
    assert "PYTHONPATH" not in inherited()
