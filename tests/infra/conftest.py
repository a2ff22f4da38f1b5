"""A local stack that seems to run: its files are there, its programs are not."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from infra.cli import steps
from infra.cli.main import app
from infra.local import processes
from infra.local.home import Home

STACK: dict[str, Any] = {
    "org": "acme",
    "region": "us-east-1",
    "endpoint": "http://127.0.0.1:1",
    "api": "http://127.0.0.1:1/api",
    "client_id": "people",
    "tables": {"state": "state", "ledger": "ledger"},
    "functions": {"sweep": "f-sweep"},
    "inbox": "http://127.0.0.1:2",
    "badges": {"lena": "04A2246B1F9080"},
    "users": {"admin": {"username": "admin", "password": "p", "totp": "JBSWY3DPEHPK3PXP"}},
    "banks": {
        "hq-01": {"thing": "acme:hq-01", "simulated": True},
        "hq-09": {"thing": "acme:hq-09", "simulated": False},
    },
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A stack's folder with nothing in it."""
    monkeypatch.setenv("TOOLCRIB_HOME", str(tmp_path / "stack"))
    return Home(tmp_path / "stack")


@pytest.fixture
def stack(folder: Home, monkeypatch: pytest.MonkeyPatch) -> Home:
    """The folder of a stack that runs, as far as its files tell."""
    folder.write("stack.json", STACK)
    folder.write("root.json", {"access_key_id": "a", "secret_access_key": "s", "port": 1, "mqtt_port": 2})
    monkeypatch.setattr(processes, "find", lambda *_: object())
    return folder


@pytest.fixture
def toolcrib(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Run the command in this process; what it prints is not cut to a terminal's width."""
    monkeypatch.setattr(steps.console, "_width", 200)

    def run(*words: str, **more: Any) -> Result:
        return CliRunner().invoke(app, list(words), **more)

    return run
