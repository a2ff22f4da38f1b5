"""What really was: pulses, openings and reports as they happened, to hold the record against (safety.md, I6 to I8)."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import msgspec

from edge.journal import Report
from edge.uploads import DoorReport, Outcome
from tests.simulation.alone import LOCAL, Alone
from tests.simulation.cloud import Command

LIFE_MS = 30_000  # design.md, `open`: exp is at most 30 s after iat
EARLY_MS = 5_000  # the cloud's machines disagree by less (edge/commands.py)


@dataclass
class Truth:
    """What the steel did. `commands` are what the cloud signed, by grant; `on_record` asks for its right.

    `alone` judges what no command asked for.
    """

    commands: Mapping[str, list[Command]]
    on_record: Callable[[str, int, str], bool]
    alone: Alone
    pulses: dict[str, list[str]] = field(default_factory=dict)
    forced: Counter[tuple[str, int]] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    _known: set[str] = field(default_factory=set)

    def pulsed(self, thing: str, door: int, grant: str, now_ms: int, *, marked: bool, dealt: bytes | None) -> None:
        """A lock was released (I6, I7); `marked` when the journal on the disk says that the grant is used.

        `dealt` is what it says of an opening that no command asked for.
        """
        self.pulses.setdefault(grant, []).append(thing)
        if not marked:
            self.wrong.append(f"I7: {grant} opened before its used-mark was durable")
        if len(self.pulses[grant]) > 1:
            self.wrong.append(f"I7: {grant} opened {len(self.pulses[grant])} times")
        if grant.startswith(LOCAL):
            self.alone.pulsed(thing, door, grant, dealt)
            return
        if not self.on_record(thing, door, grant):
            self.wrong.append(f"I6: {thing} {door} opened by {grant}, which is not on record")
        signed = self.commands.get(grant, [])
        fits = [each for each in signed if (each.thing, each.door) == (thing, door)]
        lives = [(each.begins_ms - EARLY_MS, min(each.ends_ms, each.begins_ms + LIFE_MS)) for each in fits]
        if not any(begins_ms <= now_ms < ends_ms for begins_ms, ends_ms in lives):
            self.wrong.append(f"I6: {thing} {door} opened by {grant} at {now_ms}, signed were {signed}")

    def recorded(self, bank: str, report: Report) -> None:
        """A report became durable; told again, it is the same."""
        self.alone.recorded(bank, report)
        if report.kind != "door" or report.id in self._known:
            return
        self._known.add(report.id)
        told = msgspec.json.decode(report.body, type=DoorReport)
        if told.outcome is Outcome.FORCED and told.grant is None:
            self.forced[bank, told.door] += 1

    def violations(self) -> Iterator[str]:
        """Yield whatever must not have been."""
        yield from (*self.wrong, *self.alone.wrong)
