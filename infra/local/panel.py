"""The simulated banks' panel, from the command's side: tap a badge, say what lies behind doors, read what happens."""

from collections.abc import Mapping, Sequence
from typing import Any

import httpx

from infra.local import programs
from infra.local.home import Home, LocalStackError
from infra.local.loopback import client

TAP_TIMEOUT_S = 240  # the panel itself gives up on a visit before
LISTEN_S = 20


class Panel:
    """One fleet's panel. Everything raises `LocalStackError` when it does not answer or refuses."""

    def __init__(self, home: Home) -> None:
        self._base = programs.panel_url(home)

    def banks(self) -> dict[str, dict[str, Any]]:
        """Return what can be seen of each simulated bank, by its name."""
        return {bank["bank"]: bank for bank in self._ask("GET", "/banks")["banks"]}

    def add(self, bank: str, contents: Mapping[int, Sequence[str]] | None = None) -> None:
        """Start the simulation of a bank that `stack.json` describes, or start it again.

        `contents` says which things, by their tags, lie behind which doors.
        """
        behind = {str(door): things for door, things in (contents or {}).items()}
        self._ask("POST", "/banks", {"bank": bank, "contents": behind})

    def name(self, things: Mapping[str, str]) -> None:
        """Say what is written on things, by their tags: people at a bank's page read that."""
        self._ask("POST", "/play/names", dict(things))

    def remove(self, bank: str) -> None:
        """Switch a simulated bank off."""
        self._ask("DELETE", f"/banks/{bank}")

    def tap(self, bank: str, uid: str, *, option: str | int | None = None, **ready: Any) -> dict[str, Any]:
        """Let somebody tap a badge, pick `option` (else the first) and use the door; return the transcript.

        `ready` is what they have for a screen that asks: the PINs they know, `pin` and `new_pin`, and the badges of
        `others` who stand by, and their `answers` to questions.
        """
        return self._ask("POST", f"/banks/{bank}/tap", {"uid": uid, "option": option, **ready}, TAP_TIMEOUT_S)

    def lines(self, after: int, *, wait_s: float) -> dict[str, Any]:
        """Return `lines` after number `after`, and the number to ask for `next`; wait for one when there is none."""
        return self._ask("GET", f"/lines?after={after}&wait_s={wait_s}", timeout_s=wait_s + LISTEN_S)

    def _ask(self, method: str, path: str, body: Any = None, timeout_s: float = 60) -> dict[str, Any]:
        try:
            answer = client().request(method, f"{self._base}{path}", json=body, timeout=timeout_s)
        except httpx.TransportError as error:
            raise LocalStackError("The simulated banks do not answer. Start them: make up") from error
        if answer.is_error:
            is_json = "json" in answer.headers.get("content-type", "")
            raise LocalStackError(f"The simulated banks refuse: {answer.json()['detail'] if is_json else answer.text}")
        found: dict[str, Any] = answer.json() if answer.content else {}
        return found
