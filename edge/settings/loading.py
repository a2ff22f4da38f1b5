"""From files to settings: read, hold against the structs and against each other, and explain everything at once."""

import stat
import tomllib
from pathlib import Path
from typing import Any, Final

from edge.config import BadgeKey, BankConfig, Windows
from edge.settings.problems import BadSettingsError, Problem
from edge.settings.reading import Reader
from edge.settings.schema import BankFile, KeysFile
from edge.settings.wiring import problems as wiring_problems

DEFAULT: Final = Path("/etc/toolcrib/bank.toml")
EXAMPLE: Final = Path(__file__).with_name("bank.example.toml")
OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO


def load_bank(path: Path) -> BankFile:
    """Return what `bank.toml` says; raises BadSettingsError with everything that is wrong in it."""
    reader = Reader()
    file = reader.struct(BankFile, _table(path, f"Write it; an example is {EXAMPLE}."))
    if file is None or reader.problems:
        raise BadSettingsError(str(path), reader.problems)
    misfits = wiring_problems(file)
    if misfits:
        raise BadSettingsError(str(path), misfits)
    return file


def load_keys(path: Path) -> KeysFile:
    """Return the bank's keys; raises BadSettingsError, also when others than its owner may read them."""
    table = _table(path, "Enrol the bank: toolcrib-bank enrol.")
    opened = open_to_others(path)
    if opened is not None:
        raise BadSettingsError(str(path), [opened])
    reader = Reader(secret=True)
    keys = reader.struct(KeysFile, table)
    if keys is None or reader.problems:
        raise BadSettingsError(str(path), reader.problems)
    return keys


def open_to_others(path: Path) -> Problem | None:
    """Return the problem with a secret file that its group or others may touch."""
    mode = stat.S_IMODE(path.stat().st_mode)
    if not mode & OTHERS:
        return None
    return Problem(
        key=str(path), found=f"its mode is {mode:04o}", instead=f"Only its owner may read it: chmod 600 {path}."
    )


def bank_config(file: BankFile, keys: KeysFile) -> BankConfig:
    """Return the controller's settings."""
    return BankConfig(
        org=file.bank.org,
        bank=file.bank.id,
        host=file.broker.host,
        port=file.broker.port,
        ca=Path(file.files.ca),
        cert=Path(file.files.certificate),
        key=Path(file.files.key),
        command_keys={kid: bytes.fromhex(key) for kid, key in keys.command_keys.items()},
        badge_keys=tuple(BadgeKey(version=each.version, key=bytes.fromhex(each.hex)) for each in keys.badge_keys),
        doors=len(file.doors),
        evidence=file.bank.evidence,
        mode=file.bank.mode,
        journal=Path(file.files.journal),
        windows=Windows(
            open_ms=file.windows.open_s * 1000,
            close_ms=file.windows.close_s * 1000,
            alarm_ms=file.windows.alarm_s * 1000,
        ),
    )


def _table(path: Path, missing: str) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text())
    except FileNotFoundError as error:
        raise BadSettingsError(str(path), [Problem(key="the file", found="is missing", instead=missing)]) from error
    except OSError as error:
        instead = "Run this as the user toolcrib, or with sudo."
        raise BadSettingsError(
            str(path), [Problem(key="the file", found=str(error.strerror), instead=instead)]
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        where = str(error) if isinstance(error, tomllib.TOMLDecodeError) else "it is not UTF-8"
        instead = "Mend that place; the other errors show once it can be read."
        raise BadSettingsError(str(path), [Problem(key="the file", found=where, instead=instead)]) from error
