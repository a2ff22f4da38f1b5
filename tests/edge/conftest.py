import socket
from pathlib import Path

import pytest

from tests.edge.network import Authority, Network


@pytest.fixture
def network(tmp_path: Path) -> Network:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return Network(Authority(tmp_path), port)
