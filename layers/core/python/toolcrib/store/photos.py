"""Photos of faults: a private bucket that whoever may is let into for minutes. No photo passes through a function.

The key says what it belongs to: org, fault, photo. What kind of picture it is, and how large at most, is in the policy
that is signed with the form, and S3 holds the sender to it.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from toolcrib.clients import client
from toolcrib.domain.record import Record
from toolcrib.settings import settings

TYPES: Final[Mapping[str, str]] = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}
SIGNATURE: Final = "s3v4"
MAX_BYTES: Final = 5 * 1024 * 1024
UPLOAD_LIFE_S: Final = 300  # to send one
VIEW_LIFE_S: Final = 60  # to look at one
MOST: Final = 10  # of one fault


class Form(Record, frozen=True, kw_only=True):
    """Where a photo goes: a multipart form with these fields first and the `file` last."""

    url: str
    fields: Mapping[str, str]


class Photo(Record, frozen=True, kw_only=True):
    """One that was sent; `url` shows it for a minute."""

    id: str
    content_type: str
    bytes: int
    at: datetime
    url: str


def upload_form(org: str, fault: str, photo: str, content_type: str) -> Form:
    """Return the form for one photo of a fault; nothing is asked of S3 for it."""
    key, fields = f"{_folder(org, fault)}{photo}.{TYPES[content_type]}", {"Content-Type": content_type}
    made = client("s3", signature=SIGNATURE).generate_presigned_post(
        settings().photo_bucket,
        key,
        Fields=fields,
        Conditions=[fields, ["content-length-range", 1, MAX_BYTES]],
        ExpiresIn=UPLOAD_LIFE_S,
    )
    return Form(url=made["url"], fields=made["fields"])


def list_photos(org: str, fault: str) -> tuple[Photo, ...]:
    """Return the photos of a fault that were sent, as long as they are kept, the first first."""
    found = client("s3", signature=SIGNATURE).list_objects_v2(
        Bucket=settings().photo_bucket, Prefix=_folder(org, fault)
    )
    return tuple(sorted((_photo(each) for each in found.get("Contents", ())), key=lambda each: (each.at, each.id)))


def _folder(org: str, fault: str) -> str:
    return f"{org}/{fault}/"


def _photo(stored: Mapping[str, Any]) -> Photo:
    name, _, ending = stored["Key"].rsplit("/", 1)[1].partition(".")
    kinds = {suffix: kind for kind, suffix in TYPES.items()}
    content_type = kinds.get(ending, "application/octet-stream")
    shown = {"Bucket": settings().photo_bucket, "Key": stored["Key"], "ResponseContentType": content_type}
    url = client("s3", signature=SIGNATURE).generate_presigned_url("get_object", Params=shown, ExpiresIn=VIEW_LIFE_S)
    return Photo(id=name, content_type=content_type, bytes=stored["Size"], at=stored["LastModified"], url=url)
