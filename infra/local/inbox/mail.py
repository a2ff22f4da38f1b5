"""Mail that SES would have delivered, fetched from MiniStack, which keeps bodies but no headers.

Loan and step are therefore read from the `<meta name="toolcrib-…">` tags of the HTML half.
"""

from html.parser import HTMLParser
from typing import Any

import httpx

from infra.local.inbox.box import Box, Entry, moment

TIMEOUT_S = 2


async def fetch(box: Box, ministack: str) -> None:
    """Keep what MiniStack has; while it does not answer, what is kept is all there is."""
    try:
        async with httpx.AsyncClient(timeout=TIMEOUT_S, trust_env=False) as client:
            answer = await client.get(f"{ministack}/_ministack/ses/messages")
            accounts = answer.raise_for_status().json()["messages"]
    except httpx.HTTPError:
        return
    for mail in sorted((mail for mails in accounts.values() for mail in mails), key=lambda mail: mail["Timestamp"]):
        box.keep("email", mail["MessageId"], _entry(mail))


def _entry(mail: dict[str, Any]) -> Entry:
    tags = _Tags.of(mail.get("BodyHtml") or "")
    return Entry(
        at=moment(mail["Timestamp"]),
        to=", ".join(mail["To"]),
        subject=mail["Subject"],
        text=mail["BodyText"] or "",
        raw=mail,
        loan=tags.get("toolcrib-loan"),
        step=tags.get("toolcrib-step"),
    )


class _Tags(HTMLParser):
    """Collects a page's meta tags."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, str] = {}

    @classmethod
    def of(cls, html: str) -> dict[str, str]:
        reader = cls()
        reader.feed(html)
        return reader.found

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "meta" and given.get("name"):
            self.found[str(given["name"])] = given.get("content") or ""
