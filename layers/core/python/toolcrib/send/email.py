"""Mail through SES: text and HTML in one message. Throttled means not sent; the record decides when to try again."""

import re
from functools import cache
from typing import Any

from toolcrib.clients import session
from toolcrib.send.notsent import NotSent
from toolcrib.send.wording.message import Message
from toolcrib.settings import settings

CONNECT_TIMEOUT_S, READ_TIMEOUT_S = 2, 5
_THROTTLED = frozenset({"TooManyRequestsException", "ThrottlingException", "Throttling", "LimitExceededException"})
_NEW_WORD = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def send(to: str, message: Message) -> None:
    """Mail `message` to one address; raises `NotSent`."""
    from botocore.exceptions import BotoCoreError, ClientError

    if not settings().mail_from:
        raise NotSent("mail_not_set_up", unreachable=True)
    try:
        _ses().send_email(
            FromEmailAddress=settings().mail_from,
            Destination={"ToAddresses": [to]},
            Content={"Simple": _content(message)},
        )
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code", "")
        raise NotSent("mail_throttled" if code in _THROTTLED else f"mail_{_snake(code)}") from error
    except BotoCoreError as error:
        raise NotSent(f"mail_{_snake(type(error).__name__)}") from error


def _content(message: Message) -> dict[str, Any]:
    """Return SES's form of a message; the tags become headers, and machines are told not to answer."""
    tags = [{"Name": f"X-Toolcrib-{name.title()}", "Value": value} for name, value in message.tags.items()]
    return {
        "Subject": _utf8(message.subject),
        "Body": {"Text": _utf8(message.text), "Html": _utf8(message.html)},
        "Headers": [*tags, {"Name": "Auto-Submitted", "Value": "auto-generated"}],
    }


def _utf8(text: str) -> dict[str, str]:
    return {"Data": text, "Charset": "UTF-8"}


@cache
def _ses() -> Any:
    """Return a client of its own, without retries: after a lost answer, a silent retry would be a second mail."""
    from botocore.config import Config

    config = Config(
        connect_timeout=CONNECT_TIMEOUT_S, read_timeout=READ_TIMEOUT_S, retries={"total_max_attempts": 1}
    )
    return session().create_client("sesv2", region_name=settings().aws_region, config=config)


def _snake(name: str) -> str:
    return _NEW_WORD.sub("_", re.sub(r"\W", "", name)).lower()[:60] or "refused"
