"""One local stack for all journeys: production templates on MiniStack, signatures and policies enforced."""

import os
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from infra.local.home import Home
from tests.journeys.asking import TOOLCRIB, Web, toolcrib
from tests.journeys.corner import Corner

RUNNING = os.environ.get("JOURNEYS_AT")  # the folder of a stack that runs already, while journeys are written


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return Home(Path(RUNNING or tmp_path_factory.mktemp("stack")))


@pytest.fixture(scope="session")
def stack(home: Home) -> Iterator[dict[str, Any]]:
    """Start it as a user would, with a port and a folder of its own."""
    if RUNNING:
        yield home.read("stack.json")
        return
    ports = {"TOOLCRIB_PORT": str(_free_port()), "TOOLCRIB_MQTT_PORT": str(_free_port())}
    environment = {**os.environ, **ports, "TOOLCRIB_HOME": str(home.folder)}
    try:
        subprocess.run([TOOLCRIB, "up", "--detach", "--empty"], env=environment, check=True)
        yield home.read("stack.json")
    finally:
        subprocess.run([TOOLCRIB, "down"], env=environment, check=True)


@pytest.fixture(scope="session")
def web(stack: dict[str, Any], home: Home) -> Iterator[Web]:
    """The HTTP API with an administrator's token, good for an hour."""
    web = Web(stack["api"], toolcrib(home, "token", "--role", "admin").strip())
    with web.client:
        yield web


@pytest.fixture
def corner(stack: dict[str, Any], home: Home, web: Web) -> Iterator[Corner]:
    """A site of this journey's own."""
    corner = Corner(home=home, web=web, stack=stack)
    yield corner
    corner.close()
