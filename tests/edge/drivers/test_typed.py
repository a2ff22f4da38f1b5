"""What keyboard readers type becomes one canonical UID for one card, in every profile."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.badges import WIEGAND_BITS, ReaderProfile, UnreadableBadgeError, is_canonical
from edge.drivers.typed import ENTER, KEYS, MAX_KEYS, Typing, uid_of
from edge.settings.devices import KeyboardReader

CODES = {character: code for code, character in reversed(list(KEYS.items()))}
DOWN, UP, REPEAT = 1, 0, 2
RETURN = 28


def reader(profile: ReaderProfile, base: Any = 16, digits_bytes: Any = 4) -> KeyboardReader:
    return KeyboardReader(input="/dev/input/event0", profile=profile, base=base, digits_bytes=digits_bytes)


def keys(text: str, *, every_ms: int = 5) -> list[tuple[int, int, int]]:
    codes = [*(CODES[character] for character in text.upper()), RETURN]
    return [(code, value, 1_000_000 + at * every_ms) for at, code in enumerate(codes) for value in (DOWN, UP)]


def typed(presses: list[tuple[int, int, int]], gap_ms: int = 300) -> list[str]:
    typing = Typing(gap_ms)
    return [found for press in presses if (found := typing.press(*press)) is not None]


UIDS = st.sampled_from([4, 7, 10]).flatmap(lambda size: st.binary(min_size=size, max_size=size))


@given(UIDS)
def test_a_card_is_one_uid_whether_typed_msb_or_lsb_first(card: bytes) -> None:
    (msb,), (lsb,) = typed(keys(card.hex())), typed(keys(card[::-1].hex()))
    assert (
        uid_of(msb, reader(ReaderProfile.HEX_MSB)) == uid_of(lsb, reader(ReaderProfile.HEX_LSB)) == card.hex().upper()
    )


@given(UIDS)
def test_a_card_is_one_uid_whether_typed_in_hex_or_in_decimal(card: bytes) -> None:
    number = str(int.from_bytes(card, "big")).zfill(10)
    decimal = reader(ReaderProfile.HEX_MSB, base=10, digits_bytes=len(card))
    assert uid_of(number, decimal) == card.hex().upper()


@pytest.mark.parametrize("base", [10, 16])
@pytest.mark.parametrize("profile", sorted(WIEGAND_BITS))
@given(data=st.data())
def test_wiegand_data_without_its_parities_is_the_same_card(
    profile: ReaderProfile, base: int, data: st.DataObject
) -> None:
    numbers = st.integers(0, (1 << WIEGAND_BITS[profile] - 2) - 1)
    first, second = data.draw(numbers), data.draw(numbers)
    uids = [uid_of(str(each) if base == 10 else f"{each:X}", reader(profile, base)) for each in (first, second)]
    assert [int(uid, 16) for uid in uids] == [first, second]
    assert all(is_canonical(uid) for uid in uids)


@pytest.mark.parametrize("profile", sorted(WIEGAND_BITS))
def test_a_number_of_more_bits_than_the_profile_has_is_no_card(profile: ReaderProfile) -> None:
    with pytest.raises(UnreadableBadgeError):
        uid_of(f"{1 << WIEGAND_BITS[profile] - 2:X}", reader(profile))


@pytest.mark.parametrize("text", ["", "12AB", "4294967296"])
def test_what_is_no_decimal_number_of_four_bytes_is_no_card(text: str) -> None:
    with pytest.raises(UnreadableBadgeError) as refusal:
        uid_of(text, reader(ReaderProfile.HEX_MSB, base=10))
    assert not text or text not in str(refusal.value)


def test_two_cards_in_a_row_are_two_numbers() -> None:
    later = [(code, value, at + 10_000) for code, value, at in keys("04A2246B")]
    assert typed([*keys("DEADBEEF"), *later]) == ["DEADBEEF", "04A2246B"]


def test_half_a_number_before_a_pause_is_forgotten() -> None:
    later = [(code, value, at + 10_000) for code, value, at in keys("04A2246B")]
    assert typed([*keys("DEAD")[:-2], *later]) == ["04A2246B"]


def test_the_keypads_enter_ends_a_number_and_its_digits_count() -> None:
    presses = [(code, DOWN, 1_000) for code in (79, 80, 81, 96)]
    assert 96 in ENTER
    assert typed(presses) == ["123"]


@pytest.mark.parametrize("value", [UP, REPEAT])
def test_releases_and_repeats_are_no_digits(value: int) -> None:
    assert typed([(CODES["1"], DOWN, 1_000), (CODES["2"], value, 1_001), (RETURN, DOWN, 1_002)]) == ["1"]


def test_shift_changes_nothing() -> None:
    assert typed([(42, DOWN, 1_000), (CODES["A"], DOWN, 1_001), (42, UP, 1_002), (RETURN, DOWN, 1_003)]) == ["A"]


def test_a_foreign_key_spoils_its_number_and_no_other() -> None:
    presses = [(CODES["1"], DOWN, 1_000), (57, DOWN, 1_001), (RETURN, DOWN, 1_002)]
    assert typed([*presses, (CODES["7"], DOWN, 1_003), (RETURN, DOWN, 1_004)]) == ["", "7"]


def test_a_number_without_an_end_is_none() -> None:
    assert typed(keys("1" * (MAX_KEYS + 1))) == [""]
