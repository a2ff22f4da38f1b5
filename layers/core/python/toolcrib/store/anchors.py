"""The anchors' bucket: written once, kept by Object Lock as long as the bucket's default retention says."""

from collections.abc import Iterator
from typing import Any

import msgspec
from botocore.exceptions import ClientError

from toolcrib.clients import client
from toolcrib.domain.anchoring import Manifest, as_bytes, digest_of
from toolcrib.domain.record import Record
from toolcrib.domain.refusals import LostRace
from toolcrib.settings import settings


class Stored(Record, frozen=True, kw_only=True):
    """A part as it lies in the bucket; `manifest` is None where it cannot be read, `versions` is 1 unless rewritten."""

    key: str
    manifest: Manifest | None
    digest: str
    versions: int = 1


def find_latest(org: str) -> Stored | None:
    """Return the last part that was written, or None before the first."""
    listed = _pages("list_objects_v2", Prefix=f"{org}/", Delimiter="/")
    days = [day["Prefix"] for page in listed for day in page.get("CommonPrefixes", ())]
    if not days:
        return None
    parts = [part["Key"] for page in _pages("list_objects_v2", Prefix=max(days)) for part in page["Contents"]]
    return _read(max(parts))


def put(manifest: Manifest) -> str:
    """Write a part and return its digest; raises `LostRace` if another one is there already (another run wrote it)."""
    stored = as_bytes(manifest)
    key = f"{manifest.org}/{manifest.series}/{manifest.part:05d}.json"
    try:
        client("s3").put_object(
            Bucket=settings().anchor_bucket,
            Key=key,
            Body=stored,
            IfNoneMatch="*",
            ContentType="application/json",
            ChecksumAlgorithm="SHA256",
        )
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if code not in {"PreconditionFailed", "ConditionalRequestConflict"}:
            raise
        # written by ourselves, if the answer was lost and botocore asked again (safety.md, *Traps*)
        if code != "PreconditionFailed" or _read(key).digest != digest_of(stored):
            raise LostRace(detail=f"{key} was written by another run") from error
    return digest_of(stored)


def read_all(org: str) -> Iterator[Stored]:
    """Yield every part in the order it was written, as it was written first, with how many versions there are."""
    first: dict[str, Any] | None = None
    count = 0
    for version in _versions(org):
        if first is not None and version["Key"] != first["Key"]:
            yield _read(first["Key"], first["VersionId"], count)
            count = 0
        first, count = version, count + 1  # listed newest first: the last one seen of a key is its oldest
    if first is not None:
        yield _read(first["Key"], first["VersionId"], count)


def _versions(org: str) -> Iterator[dict[str, Any]]:
    for page in _pages("list_object_versions", Prefix=f"{org}/"):
        yield from sorted(
            (*page.get("Versions", ()), *page.get("DeleteMarkers", ())),
            key=lambda version: (version["Key"], -version["LastModified"].timestamp()),
        )


def _read(key: str, version: str | None = None, versions: int = 1) -> Stored:
    which = {"VersionId": version} if version else {}
    body = client("s3").get_object(Bucket=settings().anchor_bucket, Key=key, **which)["Body"].read()
    try:
        manifest = msgspec.json.decode(body, type=Manifest)
    except (msgspec.DecodeError, UnicodeDecodeError):
        manifest = None
    exact = manifest is not None and as_bytes(manifest) == body
    return Stored(key=key, manifest=manifest if exact else None, digest=digest_of(body), versions=versions)


def _pages(operation: str, **asked: Any) -> Iterator[dict[str, Any]]:
    yield from client("s3").get_paginator(operation).paginate(Bucket=settings().anchor_bucket, **asked)
