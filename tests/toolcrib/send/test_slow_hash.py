"""The slow hash of a PIN's token: Argon2id at OWASP's figures, each with what it was made with."""

import pytest

from toolcrib.domain.record import replace
from toolcrib.send import slow_hash

TOKEN, OTHER = "1.k2Hcgk3ueNiyLFwdYiI4goDR-79oBkIfRvpz58OX86A", "1.NW_xfh2XaWiX6zEaXg-ve4cNeBG13Epe6BtHtchKAUo"
SALT = b"0123456789abcdef"
REFERENCE = "0e67f3756f07de28707a56dfc130adecabd91153e0dbe56597117d68febd39cf"


def test_it_knows_the_token_again_and_no_other() -> None:
    kept = slow_hash.slow_hash(TOKEN, SALT)
    assert slow_hash.matches(kept, TOKEN)
    assert not slow_hash.matches(kept, OTHER)


def test_it_is_what_the_reference_implementation_of_argon2id_makes_of_it() -> None:
    assert slow_hash.slow_hash(TOKEN, SALT).digest == REFERENCE


def test_what_it_was_made_with_stands_beside_it() -> None:
    kept = slow_hash.slow_hash(TOKEN, SALT)
    assert (kept.memory_kib, kept.iterations, kept.lanes, kept.salt) == (19456, 2, 1, SALT.hex())


@pytest.mark.parametrize("changed", ["memory_kib", "iterations"])
def test_what_was_made_with_other_figures_is_compared_by_those(changed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = slow_hash.slow_hash(TOKEN, SALT)
    monkeypatch.setattr(slow_hash, changed.upper(), getattr(kept, changed) * 2)
    assert slow_hash.matches(kept, TOKEN)
    assert not slow_hash.matches(replace(kept, **{changed: getattr(kept, changed) + 8}), TOKEN)


def test_two_salts_two_digests() -> None:
    assert slow_hash.slow_hash(TOKEN, SALT).digest != slow_hash.slow_hash(TOKEN, SALT[::-1]).digest
