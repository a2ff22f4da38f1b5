"""What the bank takes for the cloud's word: exactly these characters, signed with one of its keys (threat 6)."""

from typing import Any

import jwt
import msgspec
import pytest

from edge.signatures import MAX_TOKEN_CHARS, NotAuthenticError, verified
from tests.edge.rig import COMMAND_KEY, sign

KEYS = {"1": COMMAND_KEY}


class Claims(msgspec.Struct, frozen=True):
    jti: str


def refusal(token: str) -> str:
    with pytest.raises(NotAuthenticError) as caught:
        verified(token, KEYS, Claims)
    return str(caught.value)


def of_length(characters: int) -> str:
    """Return a genuine token of exactly so many characters: base64 jumps, header and claims jump at other places."""
    for more in range(4):
        for padding in range(characters // 2, characters):
            headers = {"kid": "1", "more": "x" * more}
            token = jwt.encode({"jti": "g", "pad": "x" * padding}, COMMAND_KEY, algorithm="HS256", headers=headers)
            if len(token) == characters:
                return token
    raise AssertionError(characters)


def test_a_genuine_token_gives_its_claims() -> None:
    assert verified(sign({"jti": "g-1"}), KEYS, Claims) == Claims(jti="g-1")


def test_the_longest_token_is_still_read_and_a_longer_one_is_not() -> None:
    assert verified(of_length(MAX_TOKEN_CHARS), KEYS, Claims).jti == "g"
    assert refusal(of_length(MAX_TOKEN_CHARS + 1)) == "not a compact JWS"


@pytest.mark.parametrize("token", ["", "a.b", "a.b.c", "{}", sign({"jti": "g"}) + "\n", sign({"jti": "g"}) + "."])
def test_what_is_no_compact_jws_is_called_so(token: str) -> None:
    assert refusal(token) == "not a compact JWS"


def test_a_signature_with_other_unused_bits_is_another_text() -> None:
    token = sign({"jti": "g"})
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    last = alphabet.index(token[-1])
    assert refusal(token[:-1] + alphabet[last ^ 1]) == "signature is not canonical base64url"


@pytest.mark.parametrize("kid", ["2", None])
def test_a_key_of_another_generation_is_called_so(kid: Any) -> None:
    headers = {} if kid is None else {"kid": kid}
    token = jwt.encode({"jti": "g"}, COMMAND_KEY, algorithm="HS256", headers=headers)
    assert refusal(token) == "no key of that generation"


def test_another_key_under_our_name_signs_nothing() -> None:
    assert refusal(sign({"jti": "g"}, key=bytes(32))) == "InvalidSignatureError"


def test_claims_of_another_shape_are_not_ours() -> None:
    assert refusal(sign({"jti": 1})) == "ValidationError"
