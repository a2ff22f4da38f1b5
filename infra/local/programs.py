"""What runs beside MiniStack: the inbox and the simulated banks, each a background process with a port of its own."""

import sys
import time
from collections.abc import Mapping, Sequence

import httpx

from infra.local import ministack, ports, processes
from infra.local.home import Home, LocalStackError
from infra.local.loopback import client

INBOX, FLEET = "inbox", "fleet"
ALL = (FLEET, INBOX, ministack.NAME)  # in the order in which they are stopped: banks sign off first
USUAL_PORTS = {INBOX: 4580, FLEET: 4581}
READY_WITHIN_S = 60


def start_inbox(home: Home, endpoint: str, signing_secret: str) -> str:
    """Start the inbox unless it runs, and return where it is; what is pressed there is signed with this secret."""
    there = ["--ministack", endpoint, "--data", str(home.folder / "inbox"), "--stack", str(home.stack_file)]
    return _start(home, INBOX, "infra.local.inbox", there, {"SLACK_SIGNING_SECRET": signing_secret}, ready="/slack")


def start_fleet(home: Home) -> str:
    """Start the simulated banks unless they run, and return where their panel is."""
    return _start(home, FLEET, "edge.fleet", ["--stack", str(home.stack_file)], {}, ready="/banks")


def stop_all(home: Home) -> list[str]:
    """Stop everything `up` started and return the names of what was running."""
    return [name for name in ALL if processes.stop(home, name)]


def panel_url(home: Home) -> str:
    """Return where the simulated banks' panel is.

    Raises:
        LocalStackError: when they do not run.
    """
    if processes.find(home, FLEET) is None:
        raise LocalStackError("No simulated banks run here. Start them: make up")
    return _url(home.read("ports.json")[FLEET])


def _start(
    home: Home, name: str, module: str, arguments: Sequence[str], secrets: Mapping[str, str], *, ready: str
) -> str:
    if processes.find(home, name) is None:
        port = ports.choose(None, home.read("ports.json").get(name, USUAL_PORTS[name]))
        home.update("ports.json", lambda known: known.update({name: port}))
        processes.start(home, name, [sys.executable, "-m", module, "--port", str(port), *arguments], secrets)
    url = _url(home.read("ports.json")[name])
    _wait(home, name, f"{url}{ready}")
    return url


def _url(port: int) -> str:
    return f"http://{ports.HOST}:{port}"


def _wait(home: Home, name: str, url: str) -> None:
    deadline = time.monotonic() + READY_WITHIN_S
    while time.monotonic() < deadline:
        if processes.find(home, name) is None:
            raise LocalStackError(f"The {name} ended; read {home.folder / name}.log")
        try:
            if client().get(url).is_success:
                return
        except httpx.TransportError:  # not listening yet
            pass
        time.sleep(0.1)
    raise LocalStackError(f"The {name} is not ready after {READY_WITHIN_S} s; read {home.folder / name}.log")
