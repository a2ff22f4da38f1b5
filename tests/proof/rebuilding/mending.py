"""Verify a damaged record, rebuild it, and look at it again, beside an oracle that shares no code with either."""

from dataclasses import dataclass

from tests.proof.rebuilding.targets import rebuild, rebuilt, verdict
from tests.support import invariants
from tests.support.dynamo import Dynamo


@dataclass(frozen=True)
class Outcome:
    """What verifying missed, what a rebuild left wrong, and whether there was anything to find."""

    found: bool
    missed: list[str]
    left: list[str]


def mended(dynamo: Dynamo) -> Outcome:
    """Return what comes of a damaged record."""
    fault = verdict().fault
    missed = [] if fault is not None else oracle()
    rebuild(dynamo)
    with rebuilt(dynamo):
        still = verdict().fault
        left = oracle()
    return Outcome(found=fault is not None, missed=missed, left=left if still is None else [str(still), *left])


def oracle() -> list[str]:
    """Return what the invariants of the tests say; what they cannot even read is wrong."""
    try:
        return list(invariants.violations(invariants.read()))
    except KeyError as missing:
        return [f"{missing} is named and not there"]
