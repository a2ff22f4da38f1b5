"""What IoT Core tells of connections: `{"thing": client id, "certificate": certificate id}`, by the rule's SQL."""

from typing import Annotated, Any

import msgspec

from toolcrib.domain.record import Record


class Connected(Record, frozen=True, kw_only=True):
    """Somebody connected; `certificate` is the id of the certificate shown."""

    thing: Annotated[str, msgspec.Meta(max_length=128)]
    certificate: Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}$(?!\n)")]


def connected(event: dict[str, Any]) -> Connected | None:
    """Return who connected; None for whoever came without a certificate of ours (a console, a signed request)."""
    try:
        return msgspec.convert(event, Connected)
    except msgspec.ValidationError:
        return None
