"""The shipped controller's machine on a real journal file, in front of a cloud that signs as the product signs."""

import shutil
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial
from itertools import count
from pathlib import Path
from unittest.mock import patch

import msgspec

from edge.actions import Action, Unlock
from edge.clock import Now
from edge.journal import Journal, connect
from tests.edge.cuts import CutJournal, PowerCutError
from tests.edge.rig import CLOUD_MS, CONFIG, Rig, only
from tests.proof.commands.target import Target, numbered
from tests.support.tables import MASTER
from toolcrib.domain import doors
from toolcrib.domain.change import OpenDoor
from toolcrib.domain.evidence import Evidence
from toolcrib.send import banks
from toolcrib.send.signing import sign
from toolcrib.wire.downs import OpenDown

PROBED_EVERY = 50  # pulses: whether the mark is on the disk is then read from a copy of the journal's files
BANK = doors.Bank(id="hq-01", site="hq", evidence=Evidence.TAGS, mode=doors.Mode.KIOSK, generation=7, door_count=4)


class Stage(Rig, Target):
    """A bank whose pulses are counted over all its boots; its power can be cut at any moment."""

    org, name, generation, master = "acme", BANK.id, BANK.generation, bytes.fromhex(MASTER)

    def __init__(self, folder: Path) -> None:
        self.folder, self._moves = folder, count(1)
        self.wall_ahead = timedelta()
        self.grants = numbered("g")
        self.pulsed: Counter[str] = Counter()
        super().__init__(
            replace(CONFIG, command_keys={str(self.generation): self.key_of()}), connect(folder / "journal.db")
        )

    def now(self) -> Now:
        """Return the clocks; the wall clock is off by `wall_ahead`."""
        now = super().now()
        return replace(now, wall=now.wall + self.wall_ahead)

    def did(self, actions: list[Action]) -> list[Action]:
        """Count pulses; each has to have its used-mark before it (I7)."""
        for unlock in only(actions, Unlock):
            self.pulsed[unlock.grant] += 1
            assert self.journal.is_used(unlock.grant), "a pulse before its mark"
            if sum(self.pulsed.values()) % PROBED_EVERY == 0:
                assert self.on_disk(unlock.grant), "a pulse before its mark is on the disk"
        self.all.clear()  # nobody asks for a hundred thousand of them
        return super().did(actions)

    def date(self, actions: list[Action]) -> list[Action]:
        """Answer the request for the time among `actions`."""
        return self.down("time", time=self.time(self.sent(actions, "time")[-1]["nonce"]))

    def time(self, nonce: str, *, key: bytes | None = None, off_ms: int = 0) -> str:
        """Return a signed time for a question."""
        return sign(
            key or self.key_of(),
            kid=self.generation,
            claims={"nonce": nonce, "now": CLOUD_MS + self.mono_ms + off_ms},
        )

    def order(self, re: str | None, *, grant: str, door: int, purpose: doors.Purpose) -> str:
        """Return a command as the product itself makes and publishes it."""
        at = self.now().wall - self.wall_ahead
        issued = doors.Grant(
            id=grant,
            purpose=purpose,
            state=doors.GrantState.ISSUED,
            authorised_at=at,
            expires_at=at + doors.COMMAND_LIFE,
        )
        wanted = OpenDoor(bank=BANK.id, door=door, grant=issued, re=re)
        published: list[OpenDown] = []
        with (
            patch.object(banks, "publish", lambda _org, _bank, message: published.append(message)),
            patch.object(banks, "master", lambda: self.master),
        ):
            banks.open_door("acme", BANK, wanted, now=at)
        return published[0].command

    def hears(self, token: str) -> Sequence[Action]:
        """Hand a command to the bank."""
        return self.did(self.bank.on_message("open", msgspec.json.encode({"re": None, "command": token}), self.now()))

    def opens(self, token: str) -> int:
        """Return how many pulses a command causes."""
        return len(only(list(self.hears(token)), Unlock))

    def ends(self, door: int) -> None:
        """Let somebody open and close a door that was unlocked; the cloud hears of it."""
        self.move(door, is_open=True)
        self.mono_ms += 3_000
        self.move(door, is_open=False)
        self.settle()

    def settle(self) -> None:
        """Acknowledge every report that waits."""
        self.did(self.bank.on_message("ack", msgspec.json.encode({"ids": self.journal.pending()}), self.now()))

    def cut(self, **boot: bool) -> None:
        """Cut the power now and boot from what the disk holds: nobody says goodbye to a file."""
        after = self._copy()
        self.db.close()
        shutil.rmtree(self.folder)
        self.folder, self.db = after, connect(after / "journal.db")
        self.boot(**boot)

    def until_cut(self, story: Callable[[], None], write: int, *, after: bool) -> bool:
        """Play a story that begins with a boot, until the power goes out before or after its nth journal write.

        Returns whether it went out, or the story ended first. Nothing was booted since: see `cut`.
        """
        self._journal = partial(CutJournal, writes=count(), cut_at=write, after=after)
        try:
            story()
        except PowerCutError:
            return True
        finally:
            self._journal = Journal
        return False

    def on_disk(self, grant: str) -> bool:
        """Whether a copy of the journal's files, as they are now, knows a grant as used."""
        copy = self._copy()
        try:
            db = connect(copy / "journal.db")
            found = db.execute("SELECT 1 FROM used WHERE grant_id = ?", (grant,)).fetchone()
            db.close()
        finally:
            shutil.rmtree(copy)
        return found is not None

    def _copy(self) -> Path:
        copy = self.folder.parent / f"{self.folder.name.split('~')[0]}~{next(self._moves)}"
        copy.mkdir()
        for file in self.folder.glob("journal.db*"):
            shutil.copy(file, copy)
        return copy
