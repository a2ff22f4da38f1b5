"""Secrets from Secrets Manager, kept in memory for a few minutes so that a rotation is noticed."""

import json
import time
from typing import Any

from toolcrib.clients import client
from toolcrib.settings import settings

KEEP_S = 300  # a rotated secret is in use everywhere after five minutes

_kept: dict[str, tuple[float, dict[str, Any]]] = {}


def master() -> bytes:
    """Return the master secret from which command and session keys are derived."""
    return bytes.fromhex(_secret(settings().master_secret)["hex"])


def badge_key() -> tuple[str, bytes]:
    """Return version and bytes of the org's badge key (design.md, *Tokens*)."""
    secret = _secret(settings().badge_secret)
    return str(secret["version"]), bytes.fromhex(secret["hex"])


def slack() -> dict[str, Any]:
    """Return Slack's credentials: `bot_token` and/or `webhook_url`."""
    return _secret(settings().slack_secret)


def answers() -> bytes:
    """Return the secret under which links in mails are signed."""
    return bytes.fromhex(_secret(settings().answer_secret)["hex"])


def _secret(secret_id: str) -> dict[str, Any]:
    kept = _kept.get(secret_id)
    if kept is None or time.monotonic() - kept[0] > KEEP_S:
        value = client("secretsmanager").get_secret_value(SecretId=secret_id)["SecretString"]
        kept = _kept[secret_id] = (time.monotonic(), json.loads(value))
    return kept[1]
