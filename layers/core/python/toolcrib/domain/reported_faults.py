"""What a fault that somebody reports at a bank does to the thing: it is not lent, or only with a warning."""

from typing import Final

from toolcrib.domain.change import Change
from toolcrib.domain.describing import described
from toolcrib.domain.mending import saying
from toolcrib.domain.record import replace
from toolcrib.domain.standing import Standing
from toolcrib.domain.upkeep import WEIGHT, Condition

MOST_DETAIL: Final = 1100  # characters of what a case says: a whole text beside its severity


def reported(change: Change, standing: Standing, condition: Condition, case: str) -> Change:
    """Return the change that opens `case` with an asset that has such a fault from now on, wherever it is.

    A report of something lighter than what is known already changes nothing but its case.
    """
    asset = standing.asset
    if WEIGHT[condition] <= WEIGHT[asset.condition]:
        return change
    worse = replace(asset, condition=condition, fault=case, revision=asset.revision + 1)
    told = described(standing, worse, op=change.op, at=change.at)
    named = {(door.bank, door.number) for door in change.doors}
    others = (door for door in told.doors if (door.bank, door.number) not in named)
    return replace(change, described=(worse,), doors=(*(saying(door, worse) for door in change.doors), *others))
