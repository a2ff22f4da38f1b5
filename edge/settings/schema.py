"""What `bank.toml` may say. Descriptions are what its errors and the guide say; docs/hardware.md names every key."""

from typing import Annotated, Final

import msgspec
from msgspec import Meta

from edge.config import Evidence, Mode
from edge.kiosk.settings import KioskSettings
from edge.settings.devices import AnyDevice

MOST_RELEASE_KEYS: Final = 2
NAME: Final = r"^[A-Za-z0-9._-]{1,64}$"  # design.md, *HTTP contract*: ids


class Table(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of the file."""


class Identity(Table, frozen=True, kw_only=True):
    """Which bank this is, as the API knows it."""

    org: Annotated[str, Meta(pattern=NAME, description="the organisation's id", examples=["acme"])]
    id: Annotated[str, Meta(pattern=NAME, description="the bank's id", examples=["hq-01"])]
    evidence: Annotated[
        Evidence,
        Meta(description="what its sensors can prove: tags, presence or door_only", examples=["door_only"]),
    ]
    mode: Annotated[Mode, Meta(description="kiosk with a screen, express without", examples=["kiosk"])]


class Broker(Table, frozen=True, kw_only=True):
    """Where the bank connects; enrolment tells."""

    host: Annotated[
        str,
        Meta(
            min_length=1,
            max_length=253,
            description="the broker's name, as its certificate says it",
            examples=["a1b2c3-ats.iot.eu-central-1.amazonaws.com"],
        ),
    ]
    port: Annotated[int, Meta(ge=1, le=65_535, description="the broker's port", examples=[8883])] = 8_883
    template: Annotated[
        Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{1,36}$")] | None,
        Meta(
            description="the provisioning template that renews its certificate; a claim brings it along",
            examples=["acme-bank"],
        ),
    ] = None


FilePath = Annotated[str, Meta(pattern=r"^/", max_length=4_096)]


class Files(Table, frozen=True, kw_only=True):
    """Where things lie on this machine."""

    identity: Annotated[
        FilePath,
        Meta(
            description="who this bank is: key, certificate and keys; enrolment and renewal write it",
            examples=["/var/lib/toolcrib/identity"],
        ),
    ] = "/var/lib/toolcrib/identity"
    journal: Annotated[
        FilePath,
        Meta(
            description="the journal, on a disk that keeps what it was told", examples=["/var/lib/toolcrib/journal.db"]
        ),
    ] = "/var/lib/toolcrib/journal.db"


class Updates(Table, frozen=True, kw_only=True):
    """Software that comes by itself (docs/fleet.md, *Software*); without this table a bank follows no update."""

    keys: Annotated[
        tuple[FilePath, ...],
        Meta(
            min_length=1,
            max_length=MOST_RELEASE_KEYS,
            description="files with the public keys of who may release software; two while one is changed",
            examples=[["/etc/toolcrib/publisher.pub"]],
        ),
    ]
    root: Annotated[
        FilePath,
        Meta(description="the folder with both slots, which the bank may write", examples=["/opt/toolcrib"]),
    ] = "/opt/toolcrib"


class WindowSeconds(Table, frozen=True, kw_only=True):
    """How long a door may take."""

    open_s: Annotated[int, Meta(ge=5, le=60, description="seconds to pull an unlocked door", examples=[15])] = 15
    close_s: Annotated[int, Meta(ge=15, le=600, description="seconds to close it again", examples=[60])] = 60
    alarm_s: Annotated[int, Meta(ge=30, le=900, description="seconds until its buzzer sounds", examples=[120])] = 120


class Point(Table, frozen=True, kw_only=True):
    """One terminal of a device."""

    device: Annotated[str, Meta(description="the name of a device in this file", examples=["locks"])]
    board: Annotated[int, Meta(ge=1, le=247, description="the board's address on its line", examples=[1])] = 1
    channel: Annotated[int, Meta(ge=1, le=64, description="the terminal's number, from 1", examples=[1])] = 1
    inverted: Annotated[bool, Meta(description="true where a closed contact means the opposite", examples=[False])] = (
        False
    )


class Door(Table, frozen=True, kw_only=True):
    """How one door is wired."""

    lock: Annotated[Point, Meta(description="the terminal of its lock")]
    sensor: Annotated[Point, Meta(description="its switch: a closed contact means a closed door")]
    presence: Annotated[Point | None, Meta(description="its presence sensor: a closed contact means full")] = None
    tags: Annotated[Point | None, Meta(description="the tag reader behind it")] = None
    buzzer: Annotated[Point | None, Meta(description="the relay of its buzzer")] = None


class Cabinet(Table, frozen=True, kw_only=True):
    """What belongs to no door."""

    tamper: Annotated[Point | None, Meta(description="the tamper switch: an open contact is an alarm")] = None
    power: Annotated[Point | None, Meta(description="the power supply's contact: closed while there is power")] = None


class BankFile(Table, frozen=True, kw_only=True):
    """The whole file."""

    bank: Identity
    broker: Broker
    files: Files = Files()
    windows: WindowSeconds = WindowSeconds()
    kiosk: KioskSettings = KioskSettings()
    updates: Annotated[Updates | None, Meta(description="how software comes to the bank by itself")] = None
    cabinet: Cabinet = Cabinet()
    devices: Annotated[dict[str, AnyDevice], Meta(description="a table for each device, such as [devices.locks]")]
    doors: Annotated[dict[str, Door], Meta(description="a table for each door: [doors.1], [doors.2] and so on")]
