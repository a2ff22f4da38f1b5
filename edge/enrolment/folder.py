"""The bank's files: certificate, keys, settings, with the right modes, and never over what is there unasked."""

import os
import pwd
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from edge.enrolment.answer import Answer, EnrolmentError
from edge.enrolment.keypair import must_belong, new_key
from edge.settings.loading import EXAMPLE

SECRET: Final = 0o600
PUBLIC: Final = 0o644
PENDING: Final = ".new"


@dataclass(frozen=True, kw_only=True)
class Folder:
    """Where the files of one bank lie. Files belong to `user` when root writes them and there is such a user."""

    path: Path
    user: str = "toolcrib"

    @property
    def settings(self) -> Path:
        """What people edit."""
        return self.path / "bank.toml"

    @property
    def key(self) -> Path:
        """The certificate's key."""
        return self.path / "bank.key"

    @property
    def certificate(self) -> Path:
        """The bank's certificate."""
        return self.path / "bank.crt"

    @property
    def ca(self) -> Path:
        """The authority behind the broker."""
        return self.path / "ca.pem"

    @property
    def keys(self) -> Path:
        """Command and badge keys."""
        return self.path / "keys.toml"

    @property
    def pending(self) -> Path:
        """A key whose certificate has not come yet."""
        return self.path / f"bank.key{PENDING}"

    def must_be_free(self, *, again: bool) -> None:
        """Raise EnrolmentError when this board is enrolled already, unless it shall be `again`."""
        there = [path.name for path in (self.key, self.certificate, self.keys) if path.exists()]
        if there and not again:
            raise EnrolmentError(
                f"{self.path} holds {', '.join(there)}: this board is enrolled. With --again it is enrolled anew; "
                "its old certificate and keys are then worth nothing"
            )

    def pending_key(self) -> bytes:
        """Return the key that waits for its certificate, made if there is none; durable before anybody is asked."""
        if not self.pending.exists():
            self.write(self.pending, new_key(), SECRET)
        return self.pending.read_bytes()

    def accept(self, answer: Answer, bank: str) -> list[Path]:
        """Write what an enrolment answered; return the files. Raises EnrolmentError for another key's certificate."""
        if not self.pending.exists():
            raise EnrolmentError(f"no key waits in {self.path}: begin with --csr, on this board")
        must_belong(answer.certificate.encode(), self.pending.read_bytes(), "the certificate")
        self.write(self.certificate, answer.certificate.encode(), PUBLIC)
        self.write(self.ca, answer.ca.encode(), PUBLIC)
        self.write(self.keys, _keys(answer).encode(), SECRET)
        self.pending.replace(self.key)
        written = [self.certificate, self.ca, self.keys, self.key]
        if not self.settings.exists():
            self.write(self.settings, settings_for(answer, bank, self).encode(), PUBLIC)
            written.append(self.settings)
        return written

    def write(self, path: Path, content: bytes, mode: int) -> None:
        """Write a file as a whole: never half, never readable for a moment by those who must not."""
        self.path.mkdir(mode=0o755, parents=True, exist_ok=True)
        half = path.with_name(f".{path.name}.half")
        half.unlink(missing_ok=True)
        with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
            os.fchmod(file.fileno(), mode)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        self._give(half)
        half.replace(path)

    def _give(self, path: Path) -> None:
        if os.geteuid() == 0 and _is_user(self.user):
            shutil.chown(path, self.user, self.user)


def settings_for(answer: Answer, bank: str, folder: Folder) -> str:
    """Return a first `bank.toml`: the example with this bank's names; its wiring is for people to write."""
    changes = {
        'org = "acme"': f'org = "{answer.org}"',
        'id = "hq-01"': f'id = "{bank}"',
        'host = "a1b2c3-ats.iot.eu-central-1.amazonaws.com"': f'host = "{answer.mqtt.host}"',
        "port = 8883": f"port = {answer.mqtt.port}",
        'journal = "/var/lib/toolcrib/hq-01.db"': f'journal = "/var/lib/toolcrib/{bank}.db"',
        '"/etc/toolcrib/': f'"{folder.path}/',
    }
    text = EXAMPLE.read_text()
    for old, new in changes.items():
        text = text.replace(old, new)
    return text


def _keys(answer: Answer) -> str:
    return (
        "# Secrets of this bank, written by its enrolment. A new enrolment writes them anew.\n"
        f'[command_keys]\n"{answer.kid}" = "{answer.command_key}"\n\n'
        f'[[badge_keys]]\nversion = "{answer.badge_key.version}"\nhex = "{answer.badge_key.hex}"\n'
    )


def _is_user(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True
