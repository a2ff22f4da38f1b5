"""Calls the app as Slack does: signed over the raw body with the app's signing secret, and briefly waited for."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx
import msgspec
from slack_sdk.signature import SignatureVerifier

PATIENCE_S: Final = 20  # Slack waits for three; a function on a small machine may wake more slowly
NO_STACK: Final = "No API is known here yet. Start the stack: make up"
NOT_REACHED: Final = "Toolcrib did not answer. Is the stack running?"


class _Stack(msgspec.Struct):
    api: str


@dataclass(frozen=True)
class App:
    """The app behind the API that the file `stack` names; it answers at this inbox, whose address is `own`."""

    stack: Path | None
    signing_secret: str
    own: str
    clock: Callable[[], float] = time.time

    async def call(self, path: str, body: str, kind: str) -> str | None:
        """Send a body of this content type; return what went wrong, in a sentence for whoever pressed, or None."""
        base = self._base()
        if base is None:
            return NO_STACK
        headers = {"Content-Type": kind, **self._signed(body)}
        try:
            async with httpx.AsyncClient(timeout=PATIENCE_S, trust_env=False) as client:
                answer = await client.post(f"{base}/v1/slack/{path}", content=body.encode(), headers=headers)
        except httpx.HTTPError:
            return NOT_REACHED
        return None if answer.is_success else f"Toolcrib answered {answer.status_code} {answer.reason_phrase}."

    def _signed(self, body: str) -> dict[str, str]:
        stamp = str(int(self.clock()))
        signature = SignatureVerifier(self.signing_secret).generate_signature(timestamp=stamp, body=body)
        return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": str(signature)}

    def _base(self) -> str | None:
        try:
            return msgspec.json.decode((self.stack or Path()).read_bytes(), type=_Stack).api.rstrip("/")
        except (OSError, msgspec.DecodeError):
            return None
