"""What may go wrong, how often, and what did. Rates are those of safety.md, G1."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.simulation.hub import Hub
from tests.support.faults import AFTER, BEFORE

RATES: Mapping[str, float] = {
    "killed before": 0.01,  # crash before or after each call: 2 %
    "killed after": 0.01,
    "not sent": 0.002,
    "throttled": 0.002,
    "an error of theirs": 0.002,
    "another transaction": 0.002,
    "still in progress": 0.002,
    "answer lost": 0.002,
    "answer lost, sent again": 0.01,
    "answer lost, sent again after ten minutes": 0.03,
    "slow call": 0.01,
    "publish refused": 0.005,
    "publish killed before": 0.01,
    "publish killed after": 0.01,
    "bucket down": 0.02,
    "bucket killed before": 0.03,
    "bucket killed after": 0.03,
    "download lost": 0.05,
    "download late": 0.05,
    "download broken": 0.03,
    "upload lost": 0.02,
    "upload doubled": 0.05,
    "upload delayed": 0.05,
    "message lost": 0.02,
    "message doubled": 0.05,
    "message delayed": 0.05,
    "message misrouted": 0.02,
    "power cut at a write": 0.004,
    "bolt stuck": 0.01,
    "sensor silent": 0.005,
    "cold start": 0.05,
    "sweep missed": 0.1,
    "sweep doubled": 0.1,
    "rosters missed": 0.05,
    "rosters doubled": 0.1,
    "slack down": 0.05,
    "mail throttled": 0.05,
    "answer of a channel lost": 0.03,
}
CALLS_BEFORE = tuple(kind for kind in RATES if kind in BEFORE)
CALLS_AFTER = tuple(kind for kind in RATES if kind in AFTER)


@dataclass
class Faults:
    """Decides whether something goes wrong. `without` are kinds that never happen; `off` ends all of them."""

    hub: Hub
    without: frozenset[str] = frozenset()
    off: bool = False
    happened: dict[str, int] = field(default_factory=dict)

    def strikes(self, kind: str) -> bool:
        """Whether this goes wrong now."""
        struck = self.hub.chance(f"fault/{kind}").random() < RATES[kind]
        if not struck or self.off or kind in self.without:
            return False
        self.hub.tally[f"fault: {kind}"] += 1
        self.hub.note(f"fault {kind}")
        return True

    def first(self, kinds: tuple[str, ...]) -> str | None:
        """Return which of some faults strikes now, if any."""
        return next((kind for kind in kinds if self.strikes(kind)), None)
