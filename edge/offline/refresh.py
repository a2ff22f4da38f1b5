"""Keep the roster up to date: a signed manifest says which, the cloud says where, its bytes are checked and kept.

Nothing older replaces a newer one, and whatever fails is tried again, more and more seldom, until it fits or the cloud
promises another.
"""

import ipaddress
import logging
from collections.abc import Callable
from typing import Final
from urllib.parse import urlsplit

from edge.actions import Action, Fetch, Send
from edge.clock import Now
from edge.config import BankConfig
from edge.conversations import WAIT_MS
from edge.journal import Journal
from edge.messages import FetchDown, RosterDown
from edge.offline.roster import BadRosterError, Manifest, Roster, read
from edge.outbox import FIRST_RETRY_MS, MAX_RETRY_MS
from edge.signatures import NotAuthenticError, verified
from edge.uploads import FetchRequest

log = logging.getLogger(__name__)
FETCH_MS: Final = 60_000  # a presigned address lives as long (design.md, `fetch`)

Say = Callable[[FetchRequest, Now], Send]


class Refresh:
    """The roster in force, and the one that is wanted. `say` makes a conversation upload."""

    def __init__(self, config: BankConfig, journal: Journal, say: Say, jitter: Callable[[], float]) -> None:
        self._config, self._journal, self._say, self._jitter = config, journal, say, jitter
        self.roster = self._kept()
        self._wanted: tuple[str, Manifest] | None = None
        self._asked: tuple[str, int] | None = None
        self._attempts = 0
        self._due_ms: int | None = None

    def promised(self, message: RosterDown, now: Now) -> list[Action]:
        """Take a manifest: ask for its body, unless that is the one we have."""
        try:
            manifest = verified(message.manifest, self._config.command_keys, Manifest)
        except NotAuthenticError as error:
            log.warning("roster ignored: %s", error)
            return []
        if manifest.aud != self._config.thing:
            log.warning("roster ignored: it is for another bank")
            return []
        if self._is_kept(message.manifest, manifest):
            self._forget_wish()
            return []
        if self._wanted is not None and self._wanted[1] == manifest:
            return []
        self._wanted, self._attempts, self._asked = (message.manifest, manifest), 0, None
        return self._ask(now)

    def connected(self, now: Now) -> list[Action]:
        """Ask again, at once: whatever was on its way is lost."""
        self._attempts, self._asked = 0, None
        return self._ask(now) if self._wanted is not None else []

    def ticks(self, now: Now) -> list[Action]:
        """Ask again when it is time to."""
        return self._ask(now) if self._due_ms is not None and now.mono_ms >= self._due_ms else []

    def due_at_ms(self) -> int | None:
        """Return when `ticks` asks again."""
        return self._due_ms

    def found_at(self, message: FetchDown, now: Now) -> list[Action]:
        """Take the address that was asked for and fetch what is there."""
        if self._wanted is None or self._asked is None or message.re != self._asked[0]:
            return []
        if now.mono_ms - self._asked[1] > WAIT_MS:
            return []
        if not is_safe(message.url):
            log.warning("roster not fetched: its address is neither https nor on this machine")
            return []
        self._asked = None
        manifest = self._wanted[1]
        self._due_ms = max(self._due_ms or 0, now.mono_ms + FETCH_MS)
        return [Fetch(url=message.url, bytes=manifest.bytes, sha256=manifest.sha256)]

    def fetched(self, sha256: str, body: bytes | None, now: Now) -> bool:
        """Take what a `Fetch` read (None for nothing); whether it is the roster now."""
        if self._wanted is None or self._wanted[1].sha256 != sha256:
            return False
        token, manifest = self._wanted
        if body is None:
            self._due_ms = now.mono_ms + self._pause_ms()
            return False
        try:
            roster = read(manifest, body, self._config.thing)
        except BadRosterError as error:
            log.warning("roster not taken over: %s", error)
            self._due_ms = now.mono_ms + self._pause_ms()
            return False
        self._forget_wish()
        if self.roster is not None and roster.made_ms < self.roster.made_ms:
            log.warning("roster not taken over: it is older than the one in force")
            return False
        self._journal.keep_roster(token, body, roster.made_ms)
        self.roster = roster
        return True

    def _kept(self) -> Roster | None:
        """Read the roster of the last boot; one that does not fit any more (other keys) is none."""
        kept = self._journal.roster()
        if kept is None:
            return None
        try:
            return read(verified(kept[0], self._config.command_keys, Manifest), kept[1], self._config.thing)
        except (NotAuthenticError, BadRosterError) as error:
            log.warning("kept roster not used: %s", error)
            return None

    def _is_kept(self, token: str, manifest: Manifest) -> bool:
        """Whether a manifest is that of the roster in force; signed again it is kept beside the same body."""
        kept = self._journal.roster()
        if self.roster is None or kept is None:
            return False
        if kept[0] == token:
            return True
        try:
            again = read(manifest, kept[1], self._config.thing)
        except BadRosterError:
            return False
        self._journal.keep_roster(token, kept[1], again.made_ms)
        self.roster = again
        return True

    def _ask(self, now: Now) -> list[Action]:
        assert self._wanted is not None
        self._due_ms = now.mono_ms + self._pause_ms()
        self._attempts += 1
        send = self._say(FetchRequest(version=self._wanted[1].version), now)
        self._asked = (send.id, now.mono_ms)
        return [send]

    def _pause_ms(self) -> int:
        pause_ms = min(MAX_RETRY_MS, FIRST_RETRY_MS << min(self._attempts, 10))
        return pause_ms + int(pause_ms * self._jitter() / 2)

    def _forget_wish(self) -> None:
        self._wanted = self._asked = self._due_ms = None


def is_safe(url: str) -> bool:
    """Whether an address may be fetched from: over TLS, or on this machine, where the local stack is."""
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return False
    if not host or parts.username is not None:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(host))


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
