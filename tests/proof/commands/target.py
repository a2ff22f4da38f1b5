"""Whom commands are for: a bank that can be asked for nothing but what a cloud and a badge could tell it."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from itertools import count
from typing import Any

from edge.actions import Action
from toolcrib.send.signing import command_key, sign


class Target(ABC):
    """A bank of an org in one enrolment generation, and the secret that its keys come from."""

    org: str
    name: str
    generation: int
    master: bytes
    grants: Iterator[str]

    @property
    @abstractmethod
    def cloud_s(self) -> float:
        """The cloud's time now, in Unix seconds."""

    @abstractmethod
    def tap(self) -> str | None:
        """Return the upload that waits for an answer; None where a command needs none."""

    @abstractmethod
    def hears(self, token: str) -> Sequence[Action]:
        """Hand a command to the bank; returns what it did, as far as that is known here."""

    def key_of(self, *, org: str | None = None, bank: str | None = None, generation: int | None = None) -> bytes:
        """Return the key that the product derives for a bank's commands; for this one, but for what is said."""
        return command_key(
            self.master,
            org=self.org if org is None else org,
            bank=self.name if bank is None else bank,
            generation=self.generation if generation is None else generation,
        )

    def token(self, re: str | None, *, key: bytes | None = None, kid: int | None = None, **claims: Any) -> str:
        """Return a command that would be good, but for what is said otherwise."""
        iat, purpose = int(self.cloud_s), "service" if re is None else "take"
        good = {"jti": next(self.grants), "aud": f"{self.org}:{self.name}", "door": 3, "purpose": purpose, "re": re}
        signed_by, number = key or self.key_of(), self.generation if kid is None else kid
        return sign(signed_by, kid=number, claims={**good, "iat": iat, "exp": iat + 30, **claims})


def numbered(prefix: str) -> Iterator[str]:
    """Return an endless supply of grants."""
    return (f"{prefix}{number}" for number in count(1))
