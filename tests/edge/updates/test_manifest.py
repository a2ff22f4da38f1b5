"""Only what the publisher signed, bit by bit, is a release; and never one below the lowest that is allowed."""

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from edge.updates.manifest import Manifest, NotSignedError, order, refusal, verified
from tests.edge.updates.releases import KEYS, PUBLISHER, manifest

NUMBER = st.integers(0, 999_999)
VERSIONS = st.lists(NUMBER, min_size=2, max_size=4).map(lambda parts: ".".join(map(str, parts)))


def release(version: str, **more: object) -> Manifest:
    return Manifest(version=version, sha256="a" * 64, bytes=1, **more)


def test_what_the_publisher_signed_is_a_release() -> None:
    assert verified(manifest("1.2.3", least="1.0"), KEYS).version == "1.2.3"


def test_every_altered_bit_is_noticed() -> None:
    signed = manifest()
    for at in range(len(signed)):
        for bit in range(7):
            other = chr(ord(signed[at]) ^ (1 << bit))
            forged = signed[:at] + other + signed[at + 1 :]
            try:
                read = verified(forged, KEYS)
            except NotSignedError:
                continue
            assert read == verified(signed, KEYS), "unused bits of the last character"


THIEF = Ed25519PrivateKey.generate()


@pytest.mark.parametrize(
    "forged",
    [
        manifest(key=THIEF),
        manifest(kid="another"),
        jwt.encode({"version": "1.1"}, "", algorithm="none"),
        jwt.encode({"version": "1.1"}, "k" * 32, algorithm="HS256", headers={"kid": "publisher"}),
        "",
        "a.b.c",
        "x" * 5_000,
        manifest("1"),
        manifest("1.x"),
        manifest("01.2"),
        manifest("1.2\n"),
        manifest("1.2", bytes=0),
        manifest("1.2", bytes=10**12),
        manifest("1.2", sha256="../../x"),
        manifest("1.2", least="none"),
        manifest("1.2", forced="yes"),
    ],
)
def test_anything_else_is_none(forged: str) -> None:
    with pytest.raises(NotSignedError):
        verified(forged, KEYS)


def test_a_board_without_a_publishers_key_takes_nothing() -> None:
    with pytest.raises(NotSignedError, match="no such key"):
        verified(manifest(), {})


@given(new=VERSIONS, running=VERSIONS, least=VERSIONS)
def test_nothing_older_than_the_least_is_installed_unless_the_signer_forces_it(
    new: str, running: str, least: str
) -> None:
    why = refusal(release(new), running=running, least=least)
    assert (why is None) == (order(new) != order(running) and order(new) >= order(least))
    assert refusal(release(new, forced=True), running=running, least=least) is None


@given(VERSIONS)
def test_versions_are_compared_as_numbers(version: str) -> None:
    assert order(version) == order(f"{version}.0") or version.count(".") == 3
    assert order("1.10") > order("1.9")


def test_the_key_that_signs_is_not_on_the_board() -> None:
    assert not hasattr(KEYS["publisher"], "sign")
    assert hasattr(PUBLISHER, "sign")
