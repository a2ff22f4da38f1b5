"""Enrolment through the API, on the board: a key that waits, the identity it becomes, and first settings."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from edge import durable
from edge.enrolment import identity, keys
from edge.enrolment.answer import Answer, EnrolmentError
from edge.settings.loading import EXAMPLE

PUBLIC: Final = 0o644


@dataclass(frozen=True, kw_only=True)
class Folder:
    """Where one bank's identity lies, and the settings that people edit."""

    root: Path
    settings: Path

    def must_be_free(self, *, again: bool) -> None:
        """Raise EnrolmentError when this board is enrolled already, unless it shall be `again`."""
        if (self.root / identity.CURRENT).exists() and not again:
            raise EnrolmentError(
                f"{self.root} holds a bank: this board is enrolled. With --again it is enrolled anew; "
                "its old certificate and keys are then worth nothing"
            )

    def pending_key(self) -> bytes:
        """Return the key that waits for its certificate, made if there is none; durable before anybody is asked."""
        durable.folder(self.root)
        return identity.next_key(self.root, keys.new_key())

    def accept(self, answer: Answer) -> list[Path]:
        """Become the bank of an answer; return what was written. Raises EnrolmentError for another key's."""
        waiting = self.root / identity.NEXT / "key.pem"
        if not waiting.exists():
            raise EnrolmentError(f"no key waits in {self.root}: begin with --csr, on this board")
        key = waiting.read_bytes()
        if not keys.fits(key, answer.certificate):
            raise EnrolmentError("the certificate was made for another key than the one on this board: enrol anew")
        who = identity.take_on(
            self.root, key=key, certificate=answer.certificate, ca=answer.ca.encode(), keys=answer.told
        )
        return [self.root, *self.first_settings(who.keys)]

    def first_settings(self, told: identity.Keys) -> list[Path]:
        """Write settings to begin with, where there are none; return what was written."""
        if self.settings.exists():
            return []
        self.settings.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        durable.put(self.settings, settings_for(told, self.root).encode(), PUBLIC)
        return [self.settings]


def settings_for(told: identity.Keys, root: Path) -> str:
    """Return a first `bank.toml`: the example with this bank's names; its wiring is for people to write."""
    org, _, bank = told.thing.partition(":")
    changes = {
        'org = "acme"': f'org = "{org}"',
        'id = "hq-01"': f'id = "{bank}"',
        'host = "a1b2c3-ats.iot.eu-central-1.amazonaws.com"': f'host = "{told.mqtt.host}"',
        "port = 8883": f"port = {told.mqtt.port}",
        'journal = "/var/lib/toolcrib/hq-01.db"': f'journal = "{root.parent}/{bank}.db"',
        'identity = "/var/lib/toolcrib/identity"': f'identity = "{root}"',
    }
    text = EXAMPLE.read_text()
    for old, new in changes.items():
        text = text.replace(old, new)
    return text
