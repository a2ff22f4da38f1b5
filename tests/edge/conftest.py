import gc
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.edge.network import Authority, Network

LEFT_TO_GC = (  # paho's and amqtt's sockets when a connection ends within its handshake; ours are checked as everywhere
    r"ignore:Exception ignored in. <(ssl.SSLSocket|socket.socket|function _(Selector|SSLProtocol)Transport.__del__)"
    ":pytest.PytestUnraisableExceptionWarning"
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "network" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.filterwarnings(LEFT_TO_GC))


@pytest.fixture
def network(tmp_path: Path) -> Iterator[Network]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    yield Network(Authority(tmp_path), port)
    gc.collect()
