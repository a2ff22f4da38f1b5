"""One card, one canonical form, one token, whatever it was read with (design.md, *Tokens*; safety.md, threat 2)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.deciding.badges import HEX_BYTES, WIEGAND_BITS, BadgeFormat, canonical, token
from edge.badges import ReaderProfile, canonical_uid
from toolcrib.domain.refusals import Invalid

KEY = bytes(range(32))
WIEGANDS = sorted(WIEGAND_BITS)


@pytest.mark.parametrize(
    ("text", "hashed"),
    [
        ("04A2246B1F9080", "1.NW_xfh2XaWiX6zEaXg-ve4cNeBG13Epe6BtHtchKAUo"),
        ("0A1B2C", "1.PHW6R2KuhVx3kypI6opZH0Yz_WwcGr6X5PM_E_hti0k"),
        ("DEADBEEF", "1.-pnMU7FdXx7KBosQjy9OX9sYCdOAbc8IiTIxYfJ83wc"),
        ("pin:4711", "1.k2Hcgk3ueNiyLFwdYiI4goDR-79oBkIfRvpz58OX86A"),
    ],
)
def test_the_tokens_of_the_contract(text: str, hashed: str) -> None:
    assert token(text, "1", KEY) == hashed


def frame(data: int, bits: int) -> str:
    """Return a Wiegand frame: data between an even and an odd parity bit."""
    inner = f"{data:0{bits - 2}b}"
    half = (len(inner) + 1) // 2
    even, odd = str(inner[:half].count("1") % 2), str(1 - inner[-half:].count("1") % 2)
    return even + inner + odd


@given(st.sampled_from(WIEGANDS), st.data())
def test_bits_and_data_of_a_wiegand_card_are_the_same_card_and_the_bank_agrees(
    kind: BadgeFormat, data: st.DataObject
) -> None:
    bits = WIEGAND_BITS[kind]
    number = data.draw(st.integers(0, 2 ** (bits - 2) - 1))
    width = -(-(bits - 2) // 8) * 2
    made = canonical(frame(number, bits), kind)
    assert made == canonical(f"{number:0{width}X}", kind) == f"{number:0{width}X}"
    assert made == canonical_uid(frame(number, bits), ReaderProfile(kind))
    assert canonical(made, BadgeFormat.HEX) == made


@given(st.sampled_from(sorted(HEX_BYTES)), st.data(), st.sampled_from(["", " ", ":", "-"]), st.booleans())
def test_hex_in_any_writing_is_the_same_card(size: int, data: st.DataObject, between: str, lower: bool) -> None:
    card = data.draw(st.binary(min_size=size, max_size=size))
    written = between.join(f"{byte:02x}" if lower else f"{byte:02X}" for byte in card)
    assert canonical(written, BadgeFormat.HEX) == card.hex().upper()


@given(st.sampled_from(WIEGANDS), st.data())
def test_one_bit_turned_is_no_card(kind: BadgeFormat, data: st.DataObject) -> None:
    bits = WIEGAND_BITS[kind]
    sound = frame(data.draw(st.integers(0, 2 ** (bits - 2) - 1)), bits)
    turned = data.draw(st.sampled_from([0, bits - 1, 1, bits - 2]))
    broken = sound[:turned] + str(1 - int(sound[turned])) + sound[turned + 1 :]
    with pytest.raises(Invalid):
        canonical(broken, kind)


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        ("", "hex"),
        ("0", "hex"),
        ("04A2", "hex"),
        ("04A2246B1F90", "hex"),
        ("04A2246B1F9080FF", "hex"),
        ("GG", "hex"),
        ("0x04A2246B", "hex"),
        ("\u0660\u0664A2246B", "hex"),
        ("04A2\ufb00", "hex"),  # a ligature that is FF in upper case
        ("04A2246B\n", "hex"),
        ("04_A2_24_6B", "hex"),
        ("DEADBEEF", "wiegand26"),
        ("0A1B2C", "wiegand34"),
        ("8FFFFFFFFF", "wiegand37"),
        ("0A1B2C3D4E5F", "wiegand37"),
        ("0" * 25, "wiegand26"),
        ("0" * 27, "wiegand26"),
        ("2" * 26, "wiegand26"),
        ("1" * 26, "hex"),
    ],
)
def test_what_is_no_card_is_refused_and_not_repeated(number: str, kind: str) -> None:
    with pytest.raises(Invalid) as refused:
        canonical(number, BadgeFormat(kind))
    said = str(refused.value) + str(refused.value.fields)
    assert len(number) < 3 or number not in said
    assert refused.value.fields.keys() == {"number"}


def test_two_cards_never_become_one() -> None:
    assert canonical("00000A", BadgeFormat.HEX) != canonical("0000000A", BadgeFormat.HEX)
    assert token("0A1B2C", "1", KEY) != token("0A1B2C", "1", bytes(32)) != token("0A1B2C", "2", bytes(32))
