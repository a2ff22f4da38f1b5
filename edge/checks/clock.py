"""The machine's clock: TLS asks it for the year. Doors never do: they go by the cloud's signed time."""

from pathlib import Path
from typing import Final

from edge.checks.finding import Finding, unknown, well

SYNCHRONIZED: Final = Path("/run/systemd/timesync/synchronized")


def check(synchronized: Path = SYNCHRONIZED) -> Finding:
    """Look whether the clock is kept by the network."""
    if synchronized.exists():
        return well("clock", "is set by the network")
    return unknown("clock", "no word of systemd-timesyncd: see `timedatectl`; a wrong year keeps TLS from connecting")
