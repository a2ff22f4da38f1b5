"""From files to settings: read, hold against the structs and against each other, and explain everything at once."""

import stat
import tomllib
from pathlib import Path
from typing import Any, Final

from edge.config import BadgeKey, BankConfig, Windows
from edge.enrolment import identity
from edge.enrolment.identity import Identity
from edge.settings.problems import BadSettingsError, Problem
from edge.settings.reading import Reader
from edge.settings.schema import BankFile
from edge.settings.wiring import problems as wiring_problems

DEFAULT: Final = Path("/etc/toolcrib/bank.toml")
IDENTITY: Final = Path("/var/lib/toolcrib/identity")
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


def load_identity(file: BankFile) -> Identity:
    """Return who this board is; raises BadSettingsError, also when others may read it or it is another bank."""
    root = Path(file.files.identity)
    try:
        who = identity.read(root)
        opened = [each for each in map(open_to_others, (who.key, root / identity.CURRENT / identity.BANK)) if each]
    except (identity.NotEnrolledError, OSError) as error:
        instead = "Run this as the user toolcrib, or enrol the bank: toolcrib-bank enrol."
        raise BadSettingsError(
            str(root), [Problem(key="the folder", found="holds no bank that can be read", instead=instead)]
        ) from error
    wanted = f"{file.bank.org}:{file.bank.id}"
    if who.keys.thing != wanted:
        opened = [Problem(key="bank.id", found=f"the board is enrolled as {who.keys.thing}", instead=f"Not {wanted}.")]
    if opened:
        raise BadSettingsError(str(root), opened)
    return who


def badge_keys(who: Identity) -> tuple[BadgeKey, ...]:
    """Return the org's badge key, and the one before it while the org changes it."""
    known = (who.keys.badge_key, who.keys.former_badge_key)
    return tuple(BadgeKey(version=each.version, key=bytes.fromhex(each.hex)) for each in known if each)


def open_to_others(path: Path) -> Problem | None:
    """Return the problem with a secret file that its group or others may touch."""
    mode = stat.S_IMODE(path.stat().st_mode)
    if not mode & OTHERS:
        return None
    return Problem(
        key=str(path), found=f"its mode is {mode:04o}", instead=f"Only its owner may read it: chmod 600 {path}."
    )


def bank_config(file: BankFile, who: Identity) -> BankConfig:
    """Return the controller's settings."""
    return BankConfig(
        org=file.bank.org,
        bank=file.bank.id,
        host=file.broker.host,
        port=file.broker.port,
        ca=who.ca,
        cert=who.cert,
        key=who.key,
        command_keys={who.keys.kid: bytes.fromhex(who.keys.command_key)},
        badge_keys=badge_keys(who),
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
