"""Keyed tokens: badges, PINs and codes leave the bank only as these (design.md, *MQTT contract*)."""

import hashlib
import hmac
from base64 import urlsafe_b64encode

from edge.config import BadgeKey


def token(text: str, key: BadgeKey) -> str:
    """Return `{key version}.{base64url(HMAC-SHA256(key, ASCII text))}` without padding."""
    digest = hmac.digest(key.key, text.encode("ascii"), hashlib.sha256)
    return f"{key.version}.{urlsafe_b64encode(digest).rstrip(b'=').decode('ascii')}"


def badge_tokens(uid: str, keys: tuple[BadgeKey, ...]) -> tuple[str, ...]:
    """Return one token per key (two while keys rotate) of a canonical UID."""
    return tuple(token(uid, key) for key in keys)


def pin_token(pin: str, key: BadgeKey) -> str:
    """Return the token of a PIN."""
    return token(f"pin:{pin}", key)


def code_token(code: str, key: BadgeKey) -> str:
    """Return the token of a pick-up code."""
    return token(f"code:{code}", key)
