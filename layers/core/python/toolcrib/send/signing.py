"""Keys and signatures between cloud and bank (design.md, `open` and `time`; safety.md, threats 4 to 6).

A bank's command key is HKDF-SHA256 of the master secret over org, bank and enrolment generation: a thief who keeps
an old controller has a key that no later generation shares.

The libraries are loaded when something is signed: most functions never sign, and they are a sixth of a cold start.
"""

from datetime import datetime
from functools import lru_cache

ALGORITHM = "HS256"


@lru_cache(maxsize=64)
def command_key(master: bytes, *, org: str, bank: str, generation: int) -> bytes:
    """Return the 32-byte key that signs a bank's commands in one enrolment generation."""
    return derive(master, "command", org, bank, str(generation))


def derive(master: bytes, *purpose: str) -> bytes:
    """Return 32 bytes of HKDF-SHA256 for a purpose; its parts are kept apart."""
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    info = b"toolcrib/v1\x00" + b"\x00".join(part.encode() for part in purpose)
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(master)


def sign(key: bytes, *, kid: int, claims: dict[str, object]) -> str:
    """Return a compact JWS whose `kid` is the enrolment generation."""
    import jwt

    return jwt.encode(claims, key, algorithm=ALGORITHM, headers={"kid": str(kid)})


def seconds(at: datetime) -> int:
    """Return an instant as JWT NumericDate."""
    return int(at.timestamp())
