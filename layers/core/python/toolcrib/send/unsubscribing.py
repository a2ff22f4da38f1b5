"""Links by which a reader ends what they are told once a day or a week (RFC 8058).

A mail program follows one by itself, with a POST and without anybody signed in. It names a person and a kind of digest;
nothing else can be ended by it. It is good for longer than anybody keeps a mail that they want to be rid of.
"""

from datetime import timedelta
from typing import Final, Literal

from toolcrib.send import links

LIFE: Final = timedelta(days=400)
PURPOSE: Final = "unsubscribe"


class Leaving(links.Link, frozen=True, kw_only=True):
    """Who wants no more of what; `kind` is one of `digests.KINDS`."""

    kind: str


class _Claims(links.Claims, frozen=True, kw_only=True):
    kind: Literal["daily", "weekly"]


def signed(secret: bytes, leaving: Leaving) -> str:
    """Return the token that goes into the address."""
    return links.signed(secret, _Claims, PURPOSE, leaving, kind=leaving.kind)


def believed(secret: bytes, token: str, *, org: str) -> Leaving | None:
    """Return what a token of this org stands for, None for one that is not ours; whether it is over is not judged."""
    said = links.believed(secret, token, _Claims, PURPOSE, org=org)
    if said is None:
        return None
    return Leaving(org=org, person=said.sub, kind=said.kind, expires_at=said.expires_at)
