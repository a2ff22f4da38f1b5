"""A real broker (mosquitto) on loopback that demands client certificates, and proxies before it that cut and delay."""

import asyncio
import shutil
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from random import Random

from microburst.tcp.server import TcpProxy, handle_client

from tests.edge.network import Network

PROGRAM = shutil.which("mosquitto", path="/usr/bin:/usr/sbin:/usr/local/sbin:/opt/homebrew/sbin") or "mosquitto"
SETTINGS = """listener {port} 127.0.0.1
cafile {ca}
certfile {cert}
keyfile {key}
require_certificate true
allow_anonymous true
persistence false
user root
log_dest none
"""
HANDSHAKE_BYTES = 2_600  # what mutual TLS, CONNACK and SUBACK take: a link that never stands carries nothing twice
WEATHER_S = 0.1


@asynccontextmanager
async def mosquitto(network: Network) -> AsyncIterator[None]:
    """Run the broker for as long as the context lasts; it takes connections when it opens."""
    cert, key = network.authority.issue("broker")
    settings = network.authority.folder / "mosquitto.conf"
    files = {"ca": network.authority.folder / "ca.pem", "cert": cert, "key": key}
    settings.write_text(SETTINGS.format(port=network.port, **files))
    process = await asyncio.create_subprocess_exec(PROGRAM, "-c", str(settings), stderr=asyncio.subprocess.DEVNULL)
    try:
        async with asyncio.timeout(30):
            while not _listens(network.port):  # noqa: ASYNC110 - it says so to nobody
                await asyncio.sleep(0.05)
        yield
    finally:
        process.terminate()
        await process.wait()


class Weather:
    """A proxy before the broker. While it is foul, connections are slow, and cut after some bytes of one direction."""

    def __init__(self, broker: int, rng: Random, cut: str) -> None:
        self.port = free_port()
        self._proxy, self._rng, self._cut = TcpProxy("127.0.0.1", broker), rng, cut

    @property
    def cuts(self) -> int:
        """How many connections were spoilt so far."""
        return sum(self._proxy.fault_counts.values())

    @asynccontextmanager
    async def foul(self) -> AsyncIterator[None]:
        """Serve; whatever connects meanwhile is spoilt. Fair again afterwards, see `serving`."""
        changing = asyncio.create_task(self._change())
        try:
            yield
        finally:
            changing.cancel()
            self._proxy.engine.set_rules([])

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[None]:
        """Take connections for as long as the context lasts."""
        server = await asyncio.start_server(lambda r, w: handle_client(self._proxy, r, w), "127.0.0.1", self.port)
        try:
            yield
        finally:
            server.close()

    async def _change(self) -> None:
        while True:
            after = HANDSHAKE_BYTES + self._rng.randint(0, 2_000)
            rule = {"service": "tcp", "operation": "conn", self._cut: {"after_bytes": after}}
            self._proxy.engine.set_rules([rule | {"latency": {"min": 0, "max": 50}}])
            await asyncio.sleep(WEATHER_S)


def free_port() -> int:
    """Return a port of this machine that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
