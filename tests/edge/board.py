"""A board as a technician sets it up: settings and keys in a folder, a lock board on a pseudo-terminal."""

from pathlib import Path

import msgspec

from edge import durable
from edge.config import BankConfig
from edge.drivers import lock_frames
from edge.enrolment import identity
from tests.edge.rig import BADGE_KEY, COMMAND_KEY

DOORS = 2
TOML = """
[bank]
org = "{org}"
id = "{bank}"
evidence = "door_only"
mode = "{mode}"
[broker]
host = "{host}"
port = {port}
[files]
identity = "{folder}/identity"
journal = "{folder}/{bank}.db"
[kiosk]
port = {page}
{updates}
[devices.locks]
kind = "lock_board"
port = "{line}"
poll_ms = 50
[doors.1]
lock = {{ device = "locks", channel = 1 }}
sensor = {{ device = "locks", channel = 1 }}
[doors.2]
lock = {{ device = "locks", channel = 2 }}
sensor = {{ device = "locks", channel = 2 }}
"""


def set_up(
    folder: Path,
    config: BankConfig,
    line: str,
    *,
    mode: str = "express",
    page: int = 4_600,
    template: str = "",
    updates: str = "",
) -> Path:
    """Write `bank.toml` and who the board is, as enrolment leaves it; a bank without files has a key that is none."""
    current = durable.folder(folder / "identity" / "3f9a")
    durable.point(current.parent / identity.CURRENT, current.name)
    keys = identity.Keys(
        thing=config.thing,
        kid="1",
        command_key=COMMAND_KEY.hex(),
        badge_key=identity.BadgeKey(version=BADGE_KEY.version, hex=BADGE_KEY.key.hex()),
        mqtt=identity.Mqtt(host=config.host, port=config.port),
    )
    durable.put(current / identity.BANK, msgspec.json.encode(keys))
    durable.put(current / identity.TEMPLATE, template.encode())
    for path, name in ((config.key, "key.pem"), (config.cert, "cert.pem"), (config.ca, "ca.pem")):
        if path.exists() or path == config.key:
            durable.put(current / name, path.read_bytes() if path.exists() else b"-")
    return settled(folder, config, line, mode=mode, page=page, updates=updates)


def settled(
    folder: Path, config: BankConfig, line: str, *, mode: str = "express", page: int = 4_600, updates: str = ""
) -> Path:
    """Write `bank.toml` alone, for a board that is enrolled already."""
    settings = folder / "bank.toml"
    settings.write_text(
        TOML.format(
            org=config.org,
            bank=config.bank,
            host=config.host,
            port=config.port,
            folder=folder,
            line=line,
            mode=mode,
            page=page,
            updates=updates,
        )
    )
    return settings


class LockBoardSteel:
    """Two doors behind a lock board: a pulse opens, and somebody may close."""

    def __init__(self) -> None:
        self.closed = dict.fromkeys(range(1, DOORS + 1), True)
        self.pulses: list[int] = []
        self.asked = 0

    def answer(self, request: bytes) -> list[bytes]:
        if request == lock_frames.read_all(1):
            self.asked += 1
            states = sum(closed << number - 1 for number, closed in self.closed.items())
            body = bytes((0x80, 1)) + states.to_bytes(3, "big") + bytes((0x33,))
            return [body + bytes((lock_frames._checksum(body),))]
        for number in self.closed:
            if request == lock_frames.unlock(1, number):
                self.pulses.append(number)
                self.closed[number] = False
                return [lock_frames._sealed(0x8A, 1, number, 0)]
        return []
