"""A board as a technician sets it up: settings and keys in a folder, a lock board on a pseudo-terminal."""

from pathlib import Path

from edge.config import BankConfig
from edge.drivers import lock_frames
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
certificate = "{cert}"
key = "{key}"
ca = "{ca}"
keys = "{folder}/keys.toml"
journal = "{folder}/{bank}.db"
[kiosk]
port = {page}
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
KEYS = """
[command_keys]
"1" = "{command}"
[[badge_keys]]
version = "{version}"
hex = "{badge}"
"""


def set_up(folder: Path, config: BankConfig, line: str, *, mode: str = "express", page: int = 4_600) -> Path:
    """Write `bank.toml` and its keys; the certificate's key is closed to others, as enrolment leaves it."""
    keys = folder / "keys.toml"
    keys.touch(mode=0o600)
    keys.write_text(KEYS.format(command=COMMAND_KEY.hex(), version=BADGE_KEY.version, badge=BADGE_KEY.key.hex()))
    if config.key.exists():
        config.key.chmod(0o600)
    settings = folder / "bank.toml"
    settings.write_text(
        TOML.format(
            org=config.org,
            bank=config.bank,
            host=config.host,
            port=config.port,
            cert=config.cert.absolute(),
            key=config.key.absolute(),
            ca=config.ca.absolute(),
            folder=folder,
            line=line,
            mode=mode,
            page=page,
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
