"""What can be said of an asset, and how it becomes the record."""

from collections.abc import Collection
from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec

from chalicelib.web.fields import Id, Instant, Name, Short, Text, utc
from toolcrib.domain.assets import Asset
from toolcrib.domain.record import replace
from toolcrib.domain.refusals import Invalid
from toolcrib.domain.upkeep import Condition

Percent = Annotated[int, msgspec.Meta(ge=0, le=100)]
Tag = Annotated[str, msgspec.Meta(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9._:-]+$(?!\n)")]


class Described(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """What can be said of an asset. `site` is where it belongs.

    A thing with a `critical` fault is not lent, with a `minor` one the next taker is warned. `charge` is in percent, as
    it is at the moment of saying so; `serviced_at` is when it was last serviced, its entry unless told.
    """

    type: Id
    name: Name
    site: Id
    serial: Short | None = None
    tag: Tag | None = None
    condition: Literal["ok", "minor", "critical"] = "ok"
    charge: Percent | None = None
    serviced_at: Instant | None = None


class AssetFields(Described, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """What can be changed of an asset; `reason` tells why its `condition` is another one, to who sees to the case."""

    reason: Text | None = None


def fields(asset: Asset) -> AssetFields:
    """Return what can be changed of an asset, as it is."""
    return AssetFields(**{**_values(asset), "condition": str(asset.condition)})


def edited(asset: Asset, said: Described, given: Collection[str], *, at: datetime) -> Asset:
    """Return the asset as it is described now, at the moment `at`; raises `Invalid` for a service that is to come.

    `given` names what was really said: a charge counts from the moment it was stated, a service from the loan it was
    stated after.
    """
    values = {
        **_values(said),
        "condition": Condition(said.condition),
        "serviced_at": utc("serviced_at", said.serviced_at),
    }
    if "charge" in given:
        values["charge_at"] = None if said.charge is None else at
    if "serviced_at" in given:
        values["serviced_lent"] = asset.lent
        if said.serviced_at is not None and said.serviced_at > at:
            raise Invalid(detail="the body does not fit", fields={"serviced_at": "is still to come"})
    return replace(asset, **values)


def _values(of: Asset | Described) -> dict[str, Any]:
    return {name: getattr(of, name) for name in Described.__struct_fields__}
