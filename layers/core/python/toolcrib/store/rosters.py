"""Rosters of banks: what was made for which, and everybody who is in them. Bodies lie in a private bucket.

An index names the badges there are; each of them, and each person, is then read by its key, as decisions are.
"""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import islice
from typing import Any, Final, TypeVar

from botocore.exceptions import ClientError

from toolcrib.clients import client
from toolcrib.domain.offline.issuing import Issued, Latest, Staff
from toolcrib.settings import settings
from toolcrib.store import keys
from toolcrib.store.items import BadgeItem, IssuedItem, LatestItem, ToldAloneItem
from toolcrib.store.mapping import plain, record, to_badge, to_person
from toolcrib.store.reads import find, find_many
from toolcrib.store.tables import StateItem, connection

KEPT: Final = timedelta(days=400)  # a report may be a year old (wire/uploads.py), and is judged by its roster
URL_LIFE_S: Final = 60
SIGNATURE: Final = "s3v4"
AT_ONCE: Final = 100  # keys in one BatchGet

T = TypeVar("T")


def save_issued(org: str, bank: str, issued: Issued) -> None:
    """Keep that a roster was made; what happens under it is judged by that."""
    connection()
    over = int((issued.made_at + KEPT).timestamp())
    IssuedItem(*keys.issued(org, bank, issued.version), about=plain(issued), expires_at=over).save()


def find_issued(org: str, bank: str, version: str) -> Issued | None:
    """Return a roster that was made for this very bank, or None."""
    item = find(IssuedItem, keys.issued(org, bank, version))
    return None if item is None else record(item, Issued)


def told_alone(org: str, bank: str, report: str) -> bool:
    """Whether what a bank did by itself, and tells by this report, was applied before."""
    return find(ToldAloneItem, keys.told_alone(org, bank, report)) is not None


def save_latest(org: str, bank: str, latest: Latest) -> None:
    """Keep which roster a bank was told of last."""
    connection()
    LatestItem(*keys.latest_roster(org, bank), about=plain(latest)).save()


def find_latest(org: str, banks: Iterable[str]) -> dict[str, Latest]:
    """Return the roster that each of these banks was told of last."""
    wanted = {keys.latest_roster(org, bank): bank for bank in banks}
    found = _read(wanted)
    return {wanted[key]: record(item, Latest, issued=item.about.get("issued")) for key, item in found.items()}


def read_staff(org: str) -> Staff:
    """Return everybody with a badge, and the accounts they borrow or return for: one pass, each item once."""
    connection()
    listed = StateItem.listing.query(keys.listing(org, "badges"))
    named = [keys.badge(org, item.about["id"]) for item in listed if isinstance(item, BadgeItem)]
    badges = [to_badge(item) for item in _read(named).values()]
    people = _people(org, {each.person for each in badges})
    accounts = {account for each in people.values() for account in (*each.borrows_for, *each.returns_for)}
    return Staff(people={**people, **_people(org, accounts - people.keys())}, badges=badges)


def _people(org: str, ids: Iterable[str]) -> dict[str, Any]:
    found = _read(keys.person(org, each) for each in sorted(ids))
    return {person.id: person for person in map(to_person, found.values())}


def _read(wanted: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Any]:
    found: dict[tuple[str, str], Any] = {}
    for some in _chunks(wanted):
        found |= find_many(some)
    return found


def _chunks(many: Iterable[T]) -> Iterator[list[T]]:
    rest = iter(many)
    while chunk := list(islice(rest, AT_ONCE)):
        yield chunk


def put_body(org: str, bank: str, version: str, body: bytes) -> None:
    """Write the body of a roster."""
    client("s3").put_object(
        Bucket=settings().roster_bucket, Key=_name(org, bank, version), Body=body, ContentType="application/json"
    )


def find_body(org: str, bank: str, version: str) -> bytes | None:
    """Return the body of a roster; None where it is not kept any more."""
    try:
        found = client("s3").get_object(Bucket=settings().roster_bucket, Key=_name(org, bank, version))
    except ClientError as error:
        if error.response["Error"]["Code"] == "NoSuchKey":
            return None
        raise
    body: bytes = found["Body"].read()
    return body


def body_url(org: str, bank: str, version: str) -> str:
    """Return where the body of a roster is read within a minute; nothing is asked of S3 for it."""
    what = {"Bucket": settings().roster_bucket, "Key": _name(org, bank, version)}
    url: str = client("s3", signature=SIGNATURE).generate_presigned_url("get_object", Params=what, ExpiresIn=URL_LIFE_S)
    return url


def _name(org: str, bank: str, version: str) -> str:
    return f"{org}/{bank}/{version}.json"
