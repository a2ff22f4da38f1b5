"""Mail through SES: text and HTML in one message. Throttled means not sent; the record decides when to try again."""

import re
from datetime import timedelta
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.notices.notsent import NotSent
from chalicelib.notices.wording.message import Message
from toolcrib.clients import client
from toolcrib.settings import settings

_THROTTLED = frozenset({"TooManyRequestsException", "ThrottlingException", "Throttling", "LimitExceededException"})
_THROTTLED_PAUSE = timedelta(seconds=5)  # SES does not say how long it wants to be left alone
_NEW_WORD = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def send(to: str, message: Message) -> None:
    """Mail `message` to one address; raises `NotSent`."""
    if not settings().mail_from:
        raise NotSent("mail_not_set_up", unreachable=True)
    try:
        client("sesv2", attempts=1).send_email(  # after a lost answer, a silent retry would be a second mail
            FromEmailAddress=settings().mail_from,
            Destination={"ToAddresses": [to]},
            Content={"Simple": _content(message)},
            **_followed(message),
        )
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code", "")
        if code in _THROTTLED:
            raise NotSent("mail_throttled", retry_after=_THROTTLED_PAUSE) from error
        raise NotSent(f"mail_{_snake(code)}") from error
    except BotoCoreError as error:
        raise NotSent(f"mail_{_snake(type(error).__name__)}") from error


def _followed(message: Message) -> dict[str, Any]:
    """Return how SES tells what became of it: by our configuration set, with the notice's id as its tag."""
    if not settings().mail_set:
        return {}
    tags = {"notice": message.tags["notice"], "org": settings().toolcrib_org}
    return {
        "ConfigurationSetName": settings().mail_set,
        "EmailTags": [{"Name": name, "Value": value} for name, value in tags.items()],
    }


def _content(message: Message) -> dict[str, Any]:
    """Return SES's form of a message; the tags become headers, and machines are told not to answer."""
    tags = [{"Name": f"X-Toolcrib-{name.title()}", "Value": value} for name, value in message.tags.items()]
    return {
        "Subject": _utf8(message.subject),
        "Body": {"Text": _utf8(message.text), "Html": _utf8(message.html)},
        "Headers": [*tags, {"Name": "Auto-Submitted", "Value": "auto-generated"}, *_ending(message)],
    }


def _ending(message: Message) -> list[dict[str, str]]:
    """Return how a mail program ends what somebody is subscribed to, with one click and without a page (RFC 8058)."""
    if not message.unsubscribe:
        return []
    return [
        {"Name": "List-Unsubscribe", "Value": f"<{message.unsubscribe}>"},
        {"Name": "List-Unsubscribe-Post", "Value": "List-Unsubscribe=One-Click"},
    ]


def _utf8(text: str) -> dict[str, str]:
    return {"Data": text, "Charset": "UTF-8"}


def _snake(name: str) -> str:
    return _NEW_WORD.sub("_", re.sub(r"\W", "", name)).lower()[:60] or "refused"
