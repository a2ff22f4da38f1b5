"""A local stack for a test run: started as a user would, empty, with ports and a folder of its own, and stopped."""

import os
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from infra.local.home import Home
from tests.journeys.asking import TOOLCRIB


@contextmanager
def running(home: Home) -> Iterator[None]:
    """Have a stack in a folder."""
    ports = {"TOOLCRIB_PORT": str(_free_port()), "TOOLCRIB_MQTT_PORT": str(_free_port())}
    environment = {**os.environ, **ports, "TOOLCRIB_HOME": str(home.folder)}
    try:
        subprocess.run([TOOLCRIB, "up", "--detach", "--empty"], env=environment, check=True)
        yield
    finally:
        subprocess.run([TOOLCRIB, "down"], env=environment, check=True)


@contextmanager
def at_hand(folder: str | None) -> Iterator[Home]:
    """Have the stack of a folder, which runs already; or, without one, a stack of its own for as long as it takes."""
    if folder is not None:
        yield Home(Path(folder))
        return
    with TemporaryDirectory(ignore_cleanup_errors=True) as made, running(home := Home(Path(made))):
        yield home


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
