import json
import os
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import httpx
import pytest


@pytest.fixture
def empty_stack(tmp_path: Path) -> Path:
    broker = {"host": "127.0.0.1", "port": 1, "ca": "ca.pem"}
    path = tmp_path / "stack.json"
    path.write_text(json.dumps({"mqtt": broker, "badge_key": {"version": "1", "hex": "00"}, "banks": {}}))
    return path


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_the_fleet_serves_its_panel_on_loopback_until_it_is_told_to_stop(empty_stack: Path) -> None:
    port = free_port()
    command = [sys.executable, "-m", "edge.fleet", "--stack", str(empty_stack), "--port", str(port)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as fleet:
        answer = None
        while answer is None and fleet.poll() is None:
            with suppress(httpx.ConnectError):
                answer = httpx.get(f"http://127.0.0.1:{port}/banks", timeout=60)
            time.sleep(0.1)
        fleet.terminate()
        _, errors = fleet.communicate(timeout=60)
    assert answer is not None, errors
    assert answer.json() == {"banks": []}
    assert "Traceback" not in errors


def test_a_stack_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "edge.fleet", "--stack", str(tmp_path / "none.json"), "--port", "1"]
    wide = {**os.environ, "COLUMNS": "500"}  # a long path is not wrapped
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=wide)
    assert done.returncode == 2
    assert "none.json" in done.stderr
