"""Two places for the software, and the link to the one that runs; what is under way, written down at each step.

    root/
      current -> a       what systemd starts: root/current/bin/toolcrib-bank
      a/  b/             virtual environments, each with its release.jws
      update.json        an update that is under way, or whose end is not reported yet
      least              the lowest version that may be installed here

Beside it, where the bank cannot write, lies guard.py: run before every start by the system's own Python, it turns back
what does not come to work. Whenever the power goes, `current` points to a slot that is whole: the other one is made,
and tried, beside it.
"""

from enum import StrEnum
from pathlib import Path
from typing import Final

import msgspec

from edge import durable
from edge.updates.manifest import order

CURRENT: Final = "current"
SLOTS: Final = ("a", "b")
STATE, LEAST, RELEASE = "update.json", "least", "release.jws"
FIRST_LEAST: Final = "0.0"


class Phase(StrEnum):
    """How far an update is."""

    INSTALLING = "installing"  # the other slot is being made
    READY = "ready"  # it is whole; nobody runs it yet
    TRIAL = "trial"  # it runs, and has to show that it works
    WORKS = "works"  # it does; the job has not heard of it yet
    BACK = "back"  # it did not; the earlier slot runs again, and the job has not heard of it yet


class Update(msgspec.Struct, frozen=True, kw_only=True):
    """One update: the job that asked for it, from which slot to which, and why it was turned back, if it was.

    `tries` counts how often it was begun to be installed. `starts` counts how often the new slot was started on trial;
    the guard adds to it. `devices` answered before the trial, and have to answer in it.
    """

    job: str
    phase: Phase
    version: str
    source: str
    target: str
    tries: int = 1
    starts: int = 0
    devices: tuple[str, ...] = ()
    why: str = ""


class Slots:
    """The folder with both slots."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @property
    def current(self) -> str:
        """The slot that is started; the first one where nothing was ever installed."""
        link = self.root / CURRENT
        return link.readlink().name if link.is_symlink() else SLOTS[0]

    def runs(self, prefix: Path) -> bool:
        """Whether a virtual environment is the slot that is started."""
        return prefix.resolve() == (self.root / self.current).resolve()

    @property
    def other(self) -> str:
        """The slot that is free."""
        return SLOTS[1] if self.current == SLOTS[0] else SLOTS[0]

    @property
    def update(self) -> Update | None:
        """The update that is under way; what cannot be read is none, since nothing was begun by it."""
        try:
            return msgspec.json.decode((self.root / STATE).read_bytes(), type=Update)
        except (OSError, msgspec.DecodeError):
            return None

    def note(self, update: Update) -> Update:
        """Write down how far an update is."""
        durable.put(self.root / STATE, msgspec.json.encode(update))
        return update

    def forget(self) -> None:
        """Forget the update: its job knows how it ended."""
        durable.remove(self.root / STATE)

    def switch(self, slot: str) -> None:
        """Start another slot from now on."""
        durable.point(self.root / CURRENT, slot)

    def cleared(self, slot: str) -> Path:
        """Return a slot's empty folder; the slot must not be the current one."""
        if slot == self.current:
            raise ValueError(f"{slot} is running")
        durable.remove(self.root / slot)
        return durable.folder(self.root / slot)

    @property
    def least(self) -> str:
        """The lowest version that may be installed here."""
        try:
            return (self.root / LEAST).read_text("ascii").strip() or FIRST_LEAST
        except (OSError, UnicodeDecodeError):
            return FIRST_LEAST

    def raise_least(self, version: str) -> None:
        """Let nothing older be installed from now on; it never goes down."""
        if order(version) > order(self.least):
            durable.put(self.root / LEAST, version.encode())

    def release(self, slot: str) -> str | None:
        """Return the signed manifest of what is in a slot, or None."""
        path = self.root / slot / RELEASE
        return path.read_text("ascii") if path.is_file() else None
