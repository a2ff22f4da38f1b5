"""The slow hash of a PIN's token.

PINs are few. What makes a stolen table useless is the org's badge key, which the token was made with; the slow hash is
for whoever has both, or an old key: each of a person's possible PINs then costs a tenth of a second.
"""

import hmac

from toolcrib.domain.pins import SlowHash
from toolcrib.domain.record import replace

MEMORY_KIB = 19 * 1024  # OWASP's first choice for Argon2id: 19 MiB, 2 passes, 1 lane; a sliver of a function's 1 GB
ITERATIONS = 2
LANES = 1  # a function of 1 GB has 0.6 of a processor: more lanes would only help whoever has more
DIGEST_BYTES = 32


def slow_hash(token: str, salt: bytes) -> SlowHash:
    """Return the digest of a token, with what it was made with: about 0.1 s in a function."""
    made = SlowHash(salt=salt.hex(), digest="", memory_kib=MEMORY_KIB, iterations=ITERATIONS, lanes=LANES)
    return replace(made, digest=_digest(token, made).hex())


def matches(kept: SlowHash, token: str) -> bool:
    """Whether a token is the one that was hashed; takes as long either way."""
    return hmac.compare_digest(_digest(token, kept), bytes.fromhex(kept.digest))


def _digest(token: str, how: SlowHash) -> bytes:
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

    slow = Argon2id(
        salt=bytes.fromhex(how.salt),
        length=DIGEST_BYTES,
        iterations=how.iterations,
        lanes=how.lanes,
        memory_cost=how.memory_kib,
    )
    return slow.derive(token.encode())
