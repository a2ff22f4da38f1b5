from base64 import urlsafe_b64encode
from dataclasses import replace
from typing import Any

import jwt
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from edge.commands import EARLY_TOLERANCE_MS, Burn, Ignore, Obey, Purpose, Reason, Standing, judge
from tests.edge.rig import CLOUD_MS, COMMAND_KEY, sign

IAT = CLOUD_MS // 1000
CLAIMS: dict[str, Any] = {
    "jti": "g1",
    "aud": "acme:hq-01",
    "door": 3,
    "purpose": "take",
    "re": "u1",
    "iat": IAT,
    "exp": IAT + 30,
}
STANDING = Standing(
    thing="acme:hq-01",
    keys={"1": COMMAND_KEY},
    doors=range(1, 5),
    cloud_ms=CLOUD_MS + 1_000,
    waits=lambda upload: upload == "u1",
    used=lambda grant: grant == "used",
)
TOKEN = sign(CLAIMS)


def reason(token: str, standing: Standing = STANDING) -> Reason | None:
    verdict = judge(token, standing)
    return verdict.reason if isinstance(verdict, Ignore) else None


def test_a_genuine_timely_command_somebody_waits_for_is_obeyed() -> None:
    verdict = judge(TOKEN, STANDING)
    assert isinstance(verdict, Obey)
    assert (verdict.command.jti, verdict.command.door, verdict.command.purpose) == ("g1", 3, Purpose.TAKE)


def test_unknown_claims_are_ignored() -> None:
    assert isinstance(judge(sign(CLAIMS | {"colour": "blue"}), STANDING), Obey)


@given(st.integers(0, len(TOKEN) * 8 - 1))
@example(len(TOKEN) * 8 - 8)  # a bit of the last character that base64 decoders drop
def test_every_single_bit_flip_is_refused(bit: int) -> None:
    altered = bytearray(TOKEN, "ascii")
    altered[bit // 8] ^= 1 << (bit % 8)
    assert reason(altered.decode("latin-1")) is Reason.NOT_AUTHENTIC


def test_no_bit_of_a_command_may_be_flipped() -> None:
    for bit in range(len(TOKEN) * 8):
        altered = bytearray(TOKEN, "ascii")
        altered[bit // 8] ^= 1 << (bit % 8)
        assert reason(altered.decode("latin-1")) is Reason.NOT_AUTHENTIC, bit


@given(st.text())
def test_garbage_is_refused(text: str) -> None:
    assert reason(text) is Reason.NOT_AUTHENTIC


@pytest.mark.parametrize(
    "token",
    [
        jwt.encode(CLAIMS, None, algorithm="none", headers={"kid": "1"}),
        jwt.encode(CLAIMS, COMMAND_KEY * 2, algorithm="HS512", headers={"kid": "1"}),
        jwt.encode(CLAIMS, COMMAND_KEY, algorithm="HS256"),
        sign(CLAIMS, kid="2"),
        sign(CLAIMS, key=bytes(32)),
        TOKEN + "=",
        TOKEN + ".x",
        f" {TOKEN}",
        sign(CLAIMS | {"pad": "x" * 5_000}),
        ".".join([urlsafe_b64encode(b'{"alg":"HS256","kid":["1"]}').decode(), *TOKEN.split(".")[1:]]),
    ],
    ids=["none", "HS512", "no kid", "foreign kid", "foreign key", "padded", "4 parts", "space", "huge", "odd kid"],
)
def test_what_this_banks_key_did_not_sign_with_hs256_is_refused(token: str) -> None:
    assert reason(token) is Reason.NOT_AUTHENTIC


@pytest.mark.parametrize("claim", ["jti", "aud", "door", "purpose", "iat", "exp"])
def test_a_command_without_a_claim_is_refused(claim: str) -> None:
    assert reason(sign({name: value for name, value in CLAIMS.items() if name != claim})) is Reason.NOT_AUTHENTIC


@pytest.mark.parametrize(
    "wrong",
    [
        {"jti": ""},
        {"jti": 1},
        {"jti": "x" * 129},
        {"aud": ["acme:hq-01"]},
        {"door": "3"},
        {"door": 0},
        {"door": True},
        {"door": 3.5},
        {"purpose": "party"},
        {"re": 7},
        {"iat": "now"},
        {"exp": None},
    ],
)
def test_a_claim_of_another_type_is_refused(wrong: dict[str, Any]) -> None:
    assert reason(sign(CLAIMS | wrong)) is Reason.NOT_AUTHENTIC


@pytest.mark.parametrize(
    "claims",
    [
        b'{"jti":"g1","aud":"acme:hq-01","door":3,"purpose":"take","re":"u1","iat":NaN,"exp":Infinity}',
        b'{"jti":"\\ud800","aud":"acme:hq-01","door":3,"purpose":"take","re":"u1","iat":1,"exp":2}',
        b'{"\\ud800":1}',
        b'{"jti":"\xff"}',
        b"[" * 2_000,
        b"[]",
        b"",
    ],
    ids=["NaN", "half a surrogate", "named by half a surrogate", "not UTF-8", "deep", "a list", "nothing"],
)
def test_what_is_signed_has_to_be_strict_json(claims: bytes) -> None:
    """Whatever holds the key: a bank that breaks over a command opens no door at all."""
    token = jwt.api_jws.encode(claims, COMMAND_KEY, algorithm="HS256", headers={"kid": "1"})
    assert reason(token) is Reason.NOT_AUTHENTIC


@pytest.mark.parametrize("audience", ["acme:hq-02", "other:hq-01", "acme", "", "acme:hq-01 "])
def test_a_command_for_another_bank_is_refused(audience: str) -> None:
    assert reason(sign(CLAIMS | {"aud": audience})) is Reason.FOREIGN_BANK


@pytest.mark.parametrize("door", [5, 64, 2**40])
def test_a_door_this_bank_does_not_have_is_refused(door: int) -> None:
    assert reason(sign(CLAIMS | {"door": door})) is Reason.NO_SUCH_DOOR


@pytest.mark.parametrize("life", [31, 3_600, 0, -1, 1e300])
def test_a_life_of_more_than_30_seconds_or_none_at_all_is_refused(life: float) -> None:
    assert reason(sign(CLAIMS | {"exp": IAT + life})) is Reason.LIFE_TOO_LONG


@pytest.mark.parametrize("late_ms", [30_000, 30_001, 3_600_000, 365 * 86_400_000])
def test_an_expired_command_is_refused(late_ms: int) -> None:
    assert reason(TOKEN, replace(STANDING, cloud_ms=IAT * 1000 + late_ms)) is Reason.EXPIRED


def test_a_command_is_good_until_the_last_millisecond() -> None:
    assert isinstance(judge(TOKEN, replace(STANDING, cloud_ms=IAT * 1000 + 29_999)), Obey)


def test_a_command_from_the_future_is_refused_beyond_what_the_clouds_machines_differ() -> None:
    earliest = IAT * 1000 - EARLY_TOLERANCE_MS
    assert isinstance(judge(TOKEN, replace(STANDING, cloud_ms=earliest)), Obey)
    assert reason(TOKEN, replace(STANDING, cloud_ms=earliest - 1)) is Reason.FROM_THE_FUTURE


@pytest.mark.parametrize("claims", [CLAIMS, CLAIMS | {"purpose": "service", "re": None}])
def test_without_a_trusted_time_nothing_opens(claims: dict[str, Any]) -> None:
    assert reason(sign(claims), replace(STANDING, cloud_ms=None)) is Reason.CLOCK_UNSET


def test_a_used_grant_is_silence_even_when_somebody_waits() -> None:
    assert reason(sign(CLAIMS | {"jti": "used"})) is Reason.USED


@pytest.mark.parametrize("re", [None, "u2", ""])
@pytest.mark.parametrize("purpose", ["take", "return", "collect", "deposit"])
def test_a_genuine_command_nobody_waits_for_is_burnt(purpose: str, re: str | None) -> None:
    assert isinstance(judge(sign(CLAIMS | {"purpose": purpose, "re": re}), STANDING), Burn)


@pytest.mark.parametrize("re", [None, "u2"])
def test_service_needs_nobody_to_wait(re: str | None) -> None:
    assert isinstance(judge(sign(CLAIMS | {"purpose": "service", "re": re}), STANDING), Obey)


def test_a_verdict_says_which_upload_and_which_command_it_is_about() -> None:
    refused = judge(sign(CLAIMS | {"jti": "used"}), STANDING)
    assert isinstance(refused, Ignore)
    assert refused.re == "u1"
    burnt = judge(sign(CLAIMS | {"re": "u9"}), STANDING)
    assert isinstance(burnt, Burn)
    assert burnt.command.jti == "g1"


def test_a_life_of_a_second_is_long_enough() -> None:
    assert isinstance(judge(sign(CLAIMS | {"iat": IAT + 1, "exp": IAT + 2}), STANDING), Obey)
