import pytest

from edge.config import BadgeKey
from edge.tokens import badge_tokens, code_token, pin_token, token

KEY = BadgeKey(version="1", key=bytes(range(32)))
VECTORS = {  # design.md, *MQTT contract*
    "04A2246B1F9080": "1.NW_xfh2XaWiX6zEaXg-ve4cNeBG13Epe6BtHtchKAUo",
    "0A1B2C": "1.PHW6R2KuhVx3kypI6opZH0Yz_WwcGr6X5PM_E_hti0k",
    "DEADBEEF": "1.-pnMU7FdXx7KBosQjy9OX9sYCdOAbc8IiTIxYfJ83wc",
    "pin:4711": "1.k2Hcgk3ueNiyLFwdYiI4goDR-79oBkIfRvpz58OX86A",
}


@pytest.mark.parametrize(("text", "expected"), VECTORS.items())
def test_tokens_are_those_of_the_contract(text: str, expected: str) -> None:
    assert token(text, KEY) == expected


def test_a_pin_and_a_code_have_prefixes_of_their_own() -> None:
    assert pin_token("4711", KEY) == VECTORS["pin:4711"]
    assert code_token("4711", KEY) == token("code:4711", KEY) != pin_token("4711", KEY)


def test_while_keys_rotate_a_badge_has_two_tokens() -> None:
    newer = BadgeKey(version="2", key=bytes(32))
    assert badge_tokens("DEADBEEF", (KEY, newer)) == (VECTORS["DEADBEEF"], token("DEADBEEF", newer))
    assert token("DEADBEEF", newer).startswith("2.")


def test_another_org_has_another_token_for_the_same_card() -> None:
    assert token("DEADBEEF", BadgeKey(version="1", key=bytes(32))) != VECTORS["DEADBEEF"]


def test_a_key_does_not_show_in_its_representation() -> None:
    assert "key=" not in repr(KEY)
