"""Updates: what runs, whether a release could come, and whether a bad one would be turned back."""

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Final

from edge import durable
from edge.checks.finding import Finding, unknown, well, wrong
from edge.settings.schema import Updates
from edge.updates.manifest import NotSignedError, release_keys
from edge.updates.slots import CURRENT, Slots
from edge.updates.updater import running_version

GUARD: Final = Path("/usr/local/lib/toolcrib-bank/guard.py")  # where the unit looks for it
TRIED: Final = ".check"


def check(settings: Updates | None, *, guard: Path = GUARD) -> Iterator[Finding]:
    """Look at keys, slots and guard, as the user that the bank runs as."""
    if settings is None:
        yield unknown("updates", "are off: [updates] is not in the settings, so a release is put here by hand")
        return
    slots = Slots(Path(settings.root))
    try:
        keys = release_keys(map(Path, settings.keys))
    except NotSignedError as error:
        yield wrong("updates", f"{error}: put the publisher's .pub there, so that the bank can read it")
        return
    yield _slots(slots, running_version(slots, keys))
    yield _guard(guard)


def _slots(slots: Slots, version: str | None) -> Finding:
    about, program = f"updates in {slots.root}", slots.root / CURRENT / "bin" / "toolcrib-bank"
    if not program.is_file():
        return wrong(about, f"{program} is not there: install into a slot and point {CURRENT} to it")
    try:
        durable.put(slots.root / TRIED, b"")
        durable.remove(slots.root / TRIED)
    except OSError as error:
        return wrong(about, f"the bank cannot write there ({error.strerror}): give the folder to the user toolcrib")
    runs = f"release {version} runs" if version else "what runs was signed by nobody, so any release follows it"
    return well(about, runs)


def _guard(path: Path) -> Finding:
    about, how = str(path), f"toolcrib-bank unit --guard | sudo tee {path}"
    if not path.is_file():
        return wrong(about, f"is missing: nothing turns back software that does not start. {how}")
    if path.read_text() != (files("edge") / "updates" / "guard.py").read_text():
        return unknown(about, f"is another than this version brings: {how}")
    return well(about, "turns back software that does not come to work")
