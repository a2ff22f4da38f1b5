"""What SES says of mails, as EventBridge brings it: strictly read, and as little of it as is needed."""

from datetime import datetime
from typing import Annotated, Any, Final, Literal

import msgspec

from chalicelib.notices.feedback import Feedback, What

Instant = Annotated[datetime, msgspec.Meta(tz=True)]
Tag = Annotated[str, msgspec.Meta(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9._-]+$(?!\n)")]
HARD: Final = "Permanent"  # of bounces; the others may pass, and SES goes on trying by itself
NO_COMPLAINT: Final = "not-spam"  # its reader took it back


class Address(msgspec.Struct):
    """Whom a bounce or a complaint is about."""

    emailAddress: Annotated[str, msgspec.Meta(max_length=320)]  # noqa: N815 - SES's name


Addresses = Annotated[tuple[Address, ...], msgspec.Meta(max_length=50)]


class Moment(msgspec.Struct):
    """When it was delivered or opened."""

    timestamp: Instant


class Bounce(msgspec.Struct, rename="camel"):
    """A mail that came back."""

    timestamp: Instant
    bounce_type: str
    bounced_recipients: Addresses = ()


class Complaint(msgspec.Struct, rename="camel"):
    """A mail that its reader called unwanted."""

    timestamp: Instant
    complained_recipients: Addresses = ()
    complaint_feedback_type: str | None = None


class Tags(msgspec.Struct):
    """The tags that a mail was sent with (`email.py`)."""

    notice: Annotated[tuple[Tag, ...], msgspec.Meta(min_length=1, max_length=1)]
    org: Annotated[tuple[Tag, ...], msgspec.Meta(min_length=1, max_length=1)]


class Mail(msgspec.Struct):
    """Which mail it is."""

    tags: Tags


class Detail(msgspec.Struct, rename="camel"):
    """One event; only the part that its type names is there."""

    event_type: Literal["Delivery", "Open", "Bounce", "Complaint"]
    mail: Mail
    delivery: Moment | None = None
    open: Moment | None = None
    bounce: Bounce | None = None
    complaint: Complaint | None = None


class Event(msgspec.Struct):
    """What EventBridge hands over."""

    source: Literal["aws.ses"]
    detail: Detail


class UnreadableError(ValueError):
    """An event that is none of ours, or not whole; says where, and nothing of what was there."""


def heard(event: dict[str, Any], *, org: str) -> Feedback | None:
    """Return what an event says of one of our mails; None for what changes nothing, as a bounce that may pass.

    Raises `UnreadableError`.
    """
    try:
        detail = msgspec.convert(event, Event).detail
    except msgspec.ValidationError as error:
        where = str(error).rpartition(" - at ")[2].encode("ascii", "replace").decode()
        raise UnreadableError(where[:100]) from None
    except UnicodeEncodeError:  # half a surrogate: JSON can hold it, UTF-8 cannot
        raise UnreadableError("$") from None
    if detail.mail.tags.org != (org,):
        raise UnreadableError("$.detail.mail.tags.org")
    return _feedback(detail)


def _feedback(detail: Detail) -> Feedback | None:
    (notice,) = detail.mail.tags.notice
    match detail:
        case Detail(event_type="Delivery", delivery=Moment(timestamp=at)):
            return Feedback(notice=notice, what=What.DELIVERED, at=at)
        case Detail(event_type="Open", open=Moment(timestamp=at)):
            return Feedback(notice=notice, what=What.OPENED, at=at)
        case Detail(event_type="Bounce", bounce=Bounce() as bounce):
            hard = bounce.bounce_type == HARD
            about = _lower(bounce.bounced_recipients)
            return Feedback(notice=notice, what=What.BOUNCED, at=bounce.timestamp, addresses=about) if hard else None
        case Detail(event_type="Complaint", complaint=Complaint() as complaint):
            about = _lower(complaint.complained_recipients)
            said = Feedback(notice=notice, what=What.COMPLAINED, at=complaint.timestamp, addresses=about)
            return None if complaint.complaint_feedback_type == NO_COMPLAINT else said
    raise UnreadableError(f"$.detail.{detail.event_type.lower()}")


def _lower(found: Addresses) -> frozenset[str]:
    return frozenset(each.emailAddress.casefold() for each in found)
