"""Read `stack.json` (design.md, *Local stack*) as far as simulated banks need it."""

from pathlib import Path

import msgspec

from edge.config import BadgeKey, BankConfig, Evidence, Mode, Windows


class BankEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One bank; `doors`, `evidence` and `windows` tell the simulation how the cabinet is made."""

    thing: str
    cert: str
    key: str
    command_key: str
    kid: str
    kiosk: bool = False
    simulated: bool = True
    doors: int = 8
    evidence: Evidence = Evidence.DOOR_ONLY
    windows: Windows = Windows()


class Broker(msgspec.Struct, frozen=True, kw_only=True):
    """Where the banks connect."""

    host: str
    port: int
    ca: str


class BadgeKeyEntry(msgspec.Struct, frozen=True, kw_only=True):
    """The org's badge key in hex."""

    version: str
    hex: str


class Stack(msgspec.Struct, frozen=True, kw_only=True):
    """A local stack; its other fields are somebody else's. `badges` are UIDs by person."""

    mqtt: Broker
    badge_key: BadgeKeyEntry
    banks: dict[str, BankEntry] = {}
    badges: dict[str, str] = {}


class BadStackError(ValueError):
    """The stack file cannot be read; says what does not fit and where."""


class NoSuchBankError(LookupError):
    """The stack does not know this bank."""


def load_stack(path: Path) -> Stack:
    """Return the stack; raises BadStackError with the path of what does not fit."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Stack)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadStackError(f"{path}: {error}: run `toolcrib up` again") from error


def bank_config(stack: Stack, bank: str, entry: BankEntry, state: Path) -> BankConfig:
    """Return the settings of one bank; its journal lies in the folder `state`."""
    org, _, name = entry.thing.partition(":")
    if name != bank:
        raise NoSuchBankError(f"{entry.thing} is not the thing of {bank}: enrol the bank again")
    return BankConfig(
        org=org,
        bank=bank,
        host=stack.mqtt.host,
        port=stack.mqtt.port,
        ca=Path(stack.mqtt.ca),
        cert=Path(entry.cert),
        key=Path(entry.key),
        command_keys={entry.kid: bytes.fromhex(entry.command_key)},
        badge_keys=(BadgeKey(version=stack.badge_key.version, key=bytes.fromhex(stack.badge_key.hex)),),
        doors=entry.doors,
        evidence=entry.evidence,
        mode=Mode.KIOSK if entry.kiosk else Mode.EXPRESS,
        journal=state / f"{bank}.db",
        windows=entry.windows,
    )
