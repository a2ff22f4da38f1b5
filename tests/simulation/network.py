"""The lines between banks and IoT Core: messages are lost, doubled, delayed; a line may be cut altogether."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from tests.simulation.faults import Faults
from tests.simulation.hub import Hub
from tests.simulation.station import Station

QUICK_MS = (5, 90)
LATE_MS = (500, 60_000)  # longer than a command lives
TIMEOUT_MS = 10_000  # edge/link.py: so long a bank waits for the broker's receipt


@dataclass
class Network:
    """All lines. `up_to` is where IoT Core hands uploads."""

    hub: Hub
    faults: Faults
    stations: Mapping[str, Station]
    up_to: Callable[[str, str, bytes], None] = lambda *_: None
    retained: Mapping[str, bytes] = field(default_factory=dict)

    def up(self, thing: str, kind: str, payload: bytes, unsent: Callable[[], None]) -> None:
        """Carry an upload; `unsent` is called if the bank gets to know that it did not arrive."""
        station = self.stations[thing.partition(":")[2]]
        self.hub.note(f"up {thing} {kind} {json.loads(payload)['id']}")
        if not station.on_line:
            self.hub.later(1, unsent)
            return
        if self.faults.strikes("upload lost"):
            self.hub.later(TIMEOUT_MS, unsent)
            return
        for delay_ms in self._delays("upload"):
            self.hub.later(delay_ms, lambda: self.up_to(thing, kind, payload))

    def subscribed(self, thing: str) -> None:
        """Give a bank that has just connected what was retained for it."""
        if payload := self.retained.get(thing):
            self.down(thing, "roster", payload)

    def down(self, thing: str, kind: str, payload: bytes) -> None:
        """Carry a message to a bank, if it is there."""
        station = self.stations[thing.partition(":")[2]]
        if self.faults.strikes("message lost"):
            return
        if self.faults.strikes("message misrouted"):
            others = [each for each in self.stations.values() if each is not station]
            other = self.hub.chance("line/misrouted").choice(others)
            self.hub.later(1, lambda: other.receive(kind, payload))
        for delay_ms in self._delays("message", station.held_back_ms):
            self.hub.later(delay_ms, lambda: station.receive(kind, payload))

    def _delays(self, what: str, held_back_ms: int = 0) -> list[int]:
        chance = self.hub.chance(f"line/{what}")
        late = self.faults.strikes(f"{what} delayed")
        delays = [held_back_ms + chance.randint(*(LATE_MS if late else QUICK_MS))]
        if self.faults.strikes(f"{what} doubled"):
            delays.append(chance.randint(*LATE_MS))
        return delays
