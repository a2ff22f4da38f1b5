"""Packaging an app: from its own folder and nothing else."""

import os
from pathlib import Path

import pytest

from infra.cli import apps
from infra.cli.paths import ROOT
from infra.cli.reading import read_template


def test_whatever_python_is_told_to_look_into_an_app_is_packaged_from_its_own_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apps, "CACHE", tmp_path)
    folders = [str(ROOT / "functions" / app) for app in ("api", "notices")]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(folders))
    assert "Deliver" in read_template(apps.package("notices").template.read_text())["Resources"]
