"""Keys and signatures between cloud and bank (safety.md, threats 4 to 6)."""

from datetime import UTC, datetime

import jwt
import pytest

from toolcrib.send.signing import command_key, derive, seconds, sign

MASTER = bytes(range(32))
KEY = command_key(MASTER, org="acme", bank="hq-01", generation=1)


@pytest.mark.parametrize(
    "other",
    [
        {"org": "globex", "bank": "hq-01", "generation": 1},
        {"org": "acme", "bank": "hq-02", "generation": 1},
        {"org": "acme", "bank": "hq-01", "generation": 2},
        {"org": "acm", "bank": "ehq-01", "generation": 1},
    ],
)
def test_every_org_bank_and_generation_has_a_key_of_its_own(other: dict[str, object]) -> None:
    assert command_key(MASTER, **other) != KEY  # type: ignore[arg-type]
    assert len(KEY) == 32


def test_another_master_gives_other_keys() -> None:
    assert command_key(bytes(32), org="acme", bank="hq-01", generation=1) != KEY


def test_parts_of_a_purpose_are_kept_apart() -> None:
    assert derive(MASTER, "a", "bc") != derive(MASTER, "ab", "c")
    assert derive(MASTER, "session") != derive(MASTER, "command")


def test_the_derivation_is_hkdf_as_others_compute_it() -> None:
    """RFC 5869 with SHA-256, no salt, info `toolcrib/v1`, and the purpose's parts, each after a zero byte."""
    import hashlib
    import hmac

    secret = hmac.new(bytes(32), MASTER, hashlib.sha256).digest()
    info = b"toolcrib/v1\x00command\x00acme\x00hq-01\x001"
    assert hmac.new(secret, info + b"\x01", hashlib.sha256).digest() == KEY


def test_a_command_says_which_generation_signed_it() -> None:
    token = sign(KEY, kid=3, claims={"jti": "g"})
    assert jwt.get_unverified_header(token) == {"alg": "HS256", "kid": "3", "typ": "JWT"}
    assert jwt.decode(token, KEY, algorithms=["HS256"]) == {"jti": "g"}


def test_no_bit_of_a_command_can_be_changed() -> None:
    token = sign(KEY, kid=1, claims={"jti": "g", "door": 1})
    for at in range(len(token) - 1):  # the last character holds spare bits
        if token[at] == ".":
            continue
        other = "A" if token[at] != "A" else "B"
        with pytest.raises(jwt.InvalidTokenError):
            jwt.decode(token[:at] + other + token[at + 1 :], KEY, algorithms=["HS256"])


def test_an_instant_is_cut_to_whole_seconds_so_that_no_command_lives_longer() -> None:
    assert seconds(datetime(2026, 11, 20, 9, 0, 0, 999_999, tzinfo=UTC)) == 1795165200
