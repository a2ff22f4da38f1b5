"""What a type says of keeping its things in shape: service and charge."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Annotated, Final

import msgspec

from toolcrib.domain.upkeep import ServiceAction

LONGEST_SERVICE: Final = timedelta(days=3660)
LONGEST_CHARGE: Final = timedelta(days=7)


class ServiceFields(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Service is due `every` so long, after so many `loans`, whichever comes first; it blocks the take, or warns."""

    every: timedelta | None = None
    loans: Annotated[int, msgspec.Meta(ge=1, le=100_000)] | None = None
    action: ServiceAction = ServiceAction.BLOCK


class ChargingFields(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """What it needs of its battery to be lent: `minimum` percent. `time` is how long an empty one charges."""

    minimum: Annotated[int, msgspec.Meta(ge=1, le=100)]
    time: timedelta | None = None


class ServiceView(msgspec.Struct, kw_only=True, frozen=True):
    """How often it needs service: `every` so long, after so many `loans`, whichever comes first."""

    every: timedelta | None = None
    loans: int | None = None
    action: str = "block"


class ChargingView(msgspec.Struct, kw_only=True, frozen=True):
    """What it needs of its battery: `minimum` percent, and the `time` from empty to full."""

    minimum: int
    time: timedelta | None = None


def wrong(service: ServiceFields | None, charging: ChargingFields | None) -> Iterator[tuple[str, str]]:
    """Yield what makes no sense, by field."""
    if service is not None:
        if service.every is None and service.loans is None:
            yield "service", "needs every, loans or both"
        if service.every is not None and not timedelta(hours=1) <= service.every <= LONGEST_SERVICE:
            yield "service.every", f"is not between an hour and {LONGEST_SERVICE.days} days"
    least = timedelta(minutes=1)
    if charging is not None and charging.time is not None and not least <= charging.time <= LONGEST_CHARGE:
        yield "charging.time", f"is not between a minute and {LONGEST_CHARGE.days} days"
