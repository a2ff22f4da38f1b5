"""The other services of the account, as far as the functions ask them: secrets, the registry of things, sessions."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.simulation.cloud import Cloud
from tests.support.tables import ANSWERS, BADGE_KEY, MASTER

SECRETS = {
    "master": {"hex": MASTER},
    "badge": {"version": "1", "hex": BADGE_KEY},
    "answers": {"hex": ANSWERS},
    "slack": {"bot_token": "xoxb-test"},
}


class _Missing(Exception):  # noqa: N818 - botocore's name is ResourceNotFoundException
    """There is no such thing."""


class _Exceptions:
    """A client's exceptions."""

    ResourceNotFoundException = _Missing
    InvalidRequestException = _Missing


class Vault:
    """Secrets Manager."""

    def get_secret_value(self, *, SecretId: str) -> dict[str, str]:  # noqa: N803 - as botocore has it
        """Return a secret."""
        return {"SecretString": json.dumps(SECRETS[SecretId])}


@dataclass
class DataPlane:
    """IoT Core, where messages go."""

    cloud: Cloud
    exceptions = _Exceptions

    def publish(self, **message: Any) -> None:
        """Publish."""
        self.cloud.publish(**message)

    def delete_connection(self, **_: Any) -> None:
        """End a session; the bank connects again."""


@dataclass
class Registry:
    """IoT Core, where things and certificates are registered; here each has one that is always valid."""

    cloud: Cloud
    exceptions = _Exceptions

    def get_paginator(self, _: str) -> "Registry":
        """Be a paginator."""
        return self

    def paginate(self, **_: Any) -> Iterator[dict[str, list[str]]]:
        """Find no certificates."""
        yield {"principals": []}

    def create_certificate_from_csr(self, **_: Any) -> dict[str, str]:
        """Sign."""
        return {"certificateArn": "arn:cert/1", "certificatePem": "pem"}

    def __getattr__(self, _name: str) -> Any:
        """Do whatever else is asked for, silently."""
        return lambda **_: {}
