"""Starts this machine's own AWS: MiniStack, in an environment of its own, with permissions enforced."""

import secrets
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import boto3
import httpx

from infra.cli.layers import uv
from infra.cli.paths import CACHE, REQUIREMENTS, digest_of
from infra.cli.target import Target
from infra.local import ports, processes
from infra.local.home import Home, LocalStackError
from infra.local.loopback import client

REGION = "us-east-1"
HOST = "127.0.0.1"
NAME = "ministack"
PROGRAM = Path(__file__).with_name("strict_ministack.py")
PORT, MQTT_PORT = 4566, 8883
READY_WITHIN_S = 120


def install() -> None:
    """Make MiniStack's environment unless it is there for this very lock file."""
    venv = CACHE / "ministack"
    wanted = digest_of(REQUIREMENTS / "ministack.txt")
    mark = venv / "installed"
    if mark.exists() and mark.read_text() == wanted:
        return
    cache: tuple[str | Path, ...] = ("--quiet", "--cache-dir", CACHE / "uv")
    subprocess.run([uv(), "venv", *cache, "--clear", "--python", sys.executable, venv], check=True)
    locked: tuple[str | Path, ...] = ("--require-hashes", REQUIREMENTS / "ministack.txt")
    subprocess.run([uv(), "pip", "sync", *cache, "--python", venv / "bin" / "python", *locked], check=True)
    mark.write_text(wanted)


def start(home: Home, *, port: int | None, mqtt_port: int | None) -> Target:
    """Start MiniStack unless it runs, wait until it is ready and return it as a target with root's credentials.

    Ports default to those of the last time, then to AWS's usual ones, then to any that are free.

    Raises:
        LocalStackError: when a port asked for is taken or is not the one it runs on, when it ends or is not ready in
            time.
    """
    if processes.find(home, NAME) is None:
        root = home.read("root.json") or {"access_key_id": "toolcrib-root", "secret_access_key": secrets.token_hex(20)}
        root["port"] = ports.choose(port, root.get("port", PORT))
        root["mqtt_port"] = ports.choose(mqtt_port, root.get("mqtt_port", MQTT_PORT))
        home.write("root.json", root)
        program: list[str | Path] = [CACHE / "ministack" / "bin" / "python", "-P", PROGRAM]
        processes.start(home, NAME, program, _environment(home, root))
        _wait(home, root["port"])
    root = home.read("root.json")
    if port not in {None, root["port"]} or mqtt_port not in {None, root["mqtt_port"]}:
        there = f"This stack runs on ports {root['port']} and {root['mqtt_port']} (MQTT)"
        raise LocalStackError(f"{there}. Stop it before you choose others: toolcrib down")
    return target(home)


def _environment(home: Home, root: dict[str, Any]) -> dict[str, str]:
    return {
        "AUTH": "true",
        "BIND_HOST": HOST,
        "MINISTACK_HOST": HOST,
        "GATEWAY_PORT": str(root["port"]),
        "IOT_MTLS_PORT": str(root["mqtt_port"]),
        "PERSIST_STATE": "1",
        "S3_PERSIST": "1",
        "STATE_DIR": str(home.folder / "state"),
        "S3_DATA_DIR": str(home.folder / "state" / "s3"),
        "MINISTACK_REGION": REGION,
        "AWS_ACCESS_KEY_ID": root["access_key_id"],
        "AWS_SECRET_ACCESS_KEY": root["secret_access_key"],
    }


def target(home: Home) -> Target:
    """Return the running local stack as something to deploy to.

    Raises:
        LocalStackError: when none was ever started here.
    """
    root = home.read("root.json")
    if not root:
        raise LocalStackError("There is no local stack here. Start one: make up")
    session = boto3.Session(root["access_key_id"], root["secret_access_key"], region_name=REGION)
    return Target(session, endpoint=f"http://{HOST}:{root['port']}", local_mqtt_port=root["mqtt_port"])


def _wait(home: Home, port: int) -> None:
    deadline = time.monotonic() + READY_WITHIN_S
    while time.monotonic() < deadline:
        if processes.find(home, NAME) is None:
            raise LocalStackError(f"MiniStack ended; read {home.folder / 'ministack.log'}")
        try:
            if client().get(f"http://{HOST}:{port}/_ministack/ready").is_success:
                return
        except httpx.TransportError:  # not listening yet
            pass
        time.sleep(0.2)
    raise LocalStackError(f"MiniStack is not ready after {READY_WITHIN_S} s; read {home.folder / 'ministack.log'}")
