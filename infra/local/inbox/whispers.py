"""The one-time addresses at which a press or a command is answered, and what is said there (`response_url`)."""

import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from infra.local.inbox.box import Box
from infra.local.inbox.members import TEAM
from infra.local.inbox.messages import Refused, told
from infra.local.inbox.slack import Slack, body_of

LIFE_S: Final = 30 * 60  # Slack's, like the next
USES: Final = 5


@dataclass
class Address:
    """Where one answer belongs: to whom, in which conversation, and to which message."""

    user: str
    conversation: str
    ts: str | None
    until: float
    left: int = USES


@dataclass(frozen=True)
class Whispers:
    """Gives addresses out and hears what is said at them."""

    box: Box
    slack: Slack
    clock: Callable[[], float] = time.time
    known: dict[str, Address] = field(default_factory=dict)

    def address(self, kind: str, user: str, conversation: str, ts: str | None = None) -> str:
        """Return a new address's path; `kind` is Slack's word for what is answered: `actions` or `commands`."""
        token = secrets.token_hex(12)
        path = f"/{kind}/{TEAM['id']}/{token[:12]}/{token}"
        self.known[path] = Address(user=user, conversation=conversation, ts=ts, until=self.clock() + LIFE_S)
        return path

    async def hear(self, request: Request) -> Response:
        """Keep what is said at an address, for whom it is for; five times, half an hour long, as Slack has it."""
        address = self.known.get(request.url.path)
        if address is None or address.until < self.clock() or not address.left:
            return PlainTextResponse(
                "expired_url" if address is None or address.left else "used_url", HTTPStatus.NOT_FOUND
            )
        address.left -= 1
        try:
            self._keep(address, await body_of(request, "invalid_payload"))
        except Refused as refused:
            return PlainTextResponse(str(refused), HTTPStatus.BAD_REQUEST)
        return PlainTextResponse("ok")

    def _keep(self, address: Address, said: Mapping[str, Any]) -> None:
        if said.get("replace_original") and address.ts:
            self.slack.change({**said, "channel": address.conversation, "ts": address.ts})
        elif said.get("response_type") == "in_channel":
            self.slack.post({**said, "channel": address.conversation})
        else:
            entry = told({**said, "channel": address.user, "in": address.conversation}, at=self.clock())
            self.box.keep("answer", f"answer {entry.raw['ts']}", entry)
