"""Lists: `?limit=1..100&cursor=` (design.md, *HTTP contract*).

A cursor is sealed for one org, one list and one principal: a cursor from elsewhere, or one that was tampered with, is
refused and leads nowhere.
"""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from typing import Annotated, Any, Final, TypeVar

import msgspec

from chalicelib.web.answers import Answer, Listed
from chalicelib.web.call import Call
from toolcrib import secrets
from toolcrib.domain.refusals import Invalid
from toolcrib.send.signing import derive
from toolcrib.store.listing import MOST_ITEMS, Page, Position

SEAL_BYTES: Final = 16

Item = TypeVar("Item")


class Paging(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """How much of a list, and from where on."""

    limit: Annotated[int, msgspec.Meta(ge=1, le=MOST_ITEMS, description="How many items at most.")] = 50
    cursor: Annotated[str, msgspec.Meta(max_length=2048, description="`next_cursor` of the page before.")] | None = None


def listed(
    call: Call, paging: Paging, read: Callable[[int, Position | None], Page], show: Callable[[dict[str, Any]], Item]
) -> Answer[Listed[Item]]:
    """Return one page: `read` is called with how much and from where, each item is shown by `show`."""
    page = read(paging.limit, _position(call, paging))
    cursor = None if page.next is None else _seal(call, paging, page.next)
    return Answer(Listed(items=[show(item) for item in page.items], next_cursor=cursor))


def whole(items: Sequence[Item]) -> Answer[Listed[Item]]:
    """Return a list that is never longer than a page."""
    return Answer(Listed(items=items))


def _seal(call: Call, paging: Paging, position: Position) -> str:
    body = msgspec.json.encode([position.source, position.after])
    return urlsafe_b64encode(_mac(call, paging, body) + body).rstrip(b"=").decode()


def _position(call: Call, paging: Paging) -> Position | None:
    if paging.cursor is None:
        return None
    try:
        sealed = urlsafe_b64decode(paging.cursor + "=" * (-len(paging.cursor) % 4))
    except ValueError:
        sealed = b""
    mac, body = sealed[:SEAL_BYTES], sealed[SEAL_BYTES:]
    if not hmac.compare_digest(mac, _mac(call, paging, body)):
        advice = "Begin without a cursor; keep the other parameters while you page."
        raise Invalid(detail="the cursor is not of this list", advice=advice, fields={"cursor": "is not of this list"})
    source, after = msgspec.json.decode(body, type=tuple[int, dict[str, str] | None])
    return Position(source=source, after=after)


def _mac(call: Call, paging: Paging, body: bytes) -> bytes:
    """Return the seal: of who asks, for which list, filtered how; the length of a page may change underway."""
    filters = {name: value for name, value in msgspec.to_builtins(paging).items() if name not in {"limit", "cursor"}}
    about = msgspec.json.encode([call.asked.by.subject, call.route, list(call.path), filters], order="sorted")
    key = derive(secrets.master(), "cursor", call.asked.org)
    return hmac.digest(key, about + b"\x00" + body, "sha256")[:SEAL_BYTES]
