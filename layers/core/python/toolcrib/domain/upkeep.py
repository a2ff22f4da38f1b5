"""What shape a thing is in: faults that were reported, services that are due, and how far its battery is charged."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum
from typing import Final, Protocol

from toolcrib.domain.record import Record

CHARGES = "charging"  # the feature of a door that has a charger in it
FULL = 95  # percent; a battery that is kept on its charger ends a little below 100


class Condition(StrEnum):
    """`critical` is not lent, `minor` is lent with a warning; any other word, as they once were allowed, is minor."""

    OK = "ok"
    MINOR = "minor"
    CRITICAL = "critical"

    @classmethod
    def _missing_(cls, _: object) -> "Condition":
        return cls.MINOR


WEIGHT: Final[Mapping[Condition, int]] = {Condition.OK: 0, Condition.MINOR: 1, Condition.CRITICAL: 2}
"""The heavier is the worse."""


class ServiceAction(StrEnum):
    """What a service that is due does to the next take."""

    BLOCK = "block"
    WARN = "warn"


class Service(Record, frozen=True, kw_only=True):
    """How often a type needs service or calibration: `every` so long, after so many `loans`, whichever comes first."""

    every: timedelta | None = None
    loans: int | None = None
    action: ServiceAction = ServiceAction.BLOCK


class Charging(Record, frozen=True, kw_only=True):
    """What a type needs of its battery: `minimum` percent to be lent, and the `time` from empty to full."""

    minimum: int
    time: timedelta | None = None


class ChargeClass(IntEnum):
    """How far charged, as far as it matters for choosing (rules.md, *Which unit*)."""

    LOW = 0
    ENOUGH = 1
    FULL = 2


class Kept(Protocol):
    """What an asset and a door's summary of it both say."""

    @property
    def condition(self) -> Condition: ...  # noqa: D102 - fields of the two records
    @property
    def lent(self) -> int: ...  # noqa: D102
    @property
    def serviced_at(self) -> datetime | None: ...  # noqa: D102
    @property
    def serviced_lent(self) -> int: ...  # noqa: D102
    @property
    def charge(self) -> int | None: ...  # noqa: D102
    @property
    def charge_at(self) -> datetime | None: ...  # noqa: D102


def service_due(service: Service | None, thing: Kept, at: datetime) -> str | None:
    """Return what makes a service due at a moment, as it was compared; None where none is.

    It is due from the very moment on that `every` has passed, and for the loan after `loans` of them. Where nobody ever
    said that the thing was serviced, the date is held to have passed.
    """
    if service is None:
        return None
    if service.every is not None and (thing.serviced_at is None or at >= thing.serviced_at + service.every):
        last = "never" if thing.serviced_at is None else f"{thing.serviced_at:%Y-%m-%dT%H:%M:%SZ}"
        return f"last serviced {last}, every {service.every.total_seconds():.0f} s"
    since = thing.lent - thing.serviced_lent
    return f"{since} loans since its service, every {service.loans}" if _used_up(service, since) else None


def _used_up(service: Service, since: int) -> bool:
    return service.loans is not None and since >= service.loans


def charged(
    charging: Charging, thing: Kept, at: datetime, *, since: datetime | None = None, charger: bool = False
) -> int:
    """Return how many percent a thing is charged at a moment, at least.

    It lies where it is `since`; with a `charger` it gains evenly, from empty to full within the type's time. What was
    stated counts until the thing has been out: what comes back from a loan is held to be empty.
    """
    counts = thing.charge_at is not None and (thing.lent == 0 or since is None or thing.charge_at >= since)
    stated = thing.charge if counts and thing.charge is not None else 0
    begin = max((each for each in (since, thing.charge_at if counts else None) if each is not None), default=at)
    if not charger or not charging.time:
        return stated
    gained = 100 * max(at - begin, timedelta()) // charging.time
    return min(100, stated + gained)


def charge_class(charging: Charging | None, percent: int) -> ChargeClass:
    """Return the class of a level; what needs no charge has enough of it."""
    if charging is None:
        return ChargeClass.ENOUGH
    if percent < charging.minimum:
        return ChargeClass.LOW
    return ChargeClass.FULL if percent >= FULL else ChargeClass.ENOUGH
