"""Histories of clients over the real flows, in this process: who is served next is drawn at every call to the store."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import count

from tests.proof.linearizable.checker import Verdict
from tests.proof.linearizable.clients import Client
from tests.proof.linearizable.custody import Call, Custody, Saw, judged, stowed
from tests.proof.linearizable.floor import Floor, History, place_of
from tests.proof.linearizable.premises import ASSETS, PEOPLE
from tests.support import invariants

OPERATIONS = 100  # of each client


@dataclass(frozen=True, kw_only=True)
class Made:
    """A history by asset, how many operations it has (one may concern several assets), how many have no outcome.

    `violations` is what contradicts itself in the record that it ends in.
    """

    notes: History
    asked: int
    unknown: int
    violations: tuple[str, ...]

    def illegal(self) -> Mapping[str, Verdict[Call]]:
        """Return the assets whose history has no legal order."""
        verdicts = {asset: judged(notes, beginning(asset)) for asset, notes in self.notes.items()}
        return {asset: verdict for asset, verdict in verdicts.items() if not verdict.legal}


def beginning(asset: str) -> Custody:
    """Return where an asset is when a history begins."""
    return Custody(stowed(*ASSETS[asset]))


def history(floors: Callable[[int], Floor], seed: int, *, operations: int = OPERATIONS) -> Made:
    """Make the history of a seed; in the end everything is read once more."""
    floor, uploads = floors(seed), count(1)
    clients = [Client(floor, number, operations, uploads) for number in range(1, PEOPLE + 1)]
    floor.turns.run([client.run for client in clients])
    for asset in floor.notes:
        floor.note(asset, "the end", Saw(place_of(floor.recorded(asset))), floor.turns.now())
    with floor.alone():
        violations = tuple(invariants.violations(invariants.read()))
    return Made(notes=floor.notes, asked=floor.asked, unknown=floor.unknown, violations=violations)
