import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.badges import WIEGAND_BITS, ReaderProfile, UnreadableBadgeError, canonical_uid, is_canonical

WIEGAND = sorted(WIEGAND_BITS)
UIDS = st.sampled_from([4, 7, 10]).flatmap(lambda size: st.binary(min_size=size, max_size=size))


def wiegand(data: str) -> str:
    """Add the parities a reader adds: even over the first half, odd over the last (of 35 bits both see the middle)."""
    half = (len(data) + 1) // 2
    return f"{data[:half].count('1') % 2}{data}{1 - data[-half:].count('1') % 2}"


def test_hex_of_any_spelling_becomes_upper_case_without_separators() -> None:
    assert canonical_uid("04:a2:24-6b 1f9080", ReaderProfile.HEX_MSB) == "04A2246B1F9080"


@given(UIDS)
def test_both_byte_orders_of_one_card_are_one_uid(card: bytes) -> None:
    msb = canonical_uid(card.hex(), ReaderProfile.HEX_MSB)
    assert canonical_uid(card[::-1].hex(":"), ReaderProfile.HEX_LSB) == msb == card.hex().upper()
    assert is_canonical(msb)


def test_26_bit_wiegand_is_three_bytes() -> None:
    assert canonical_uid(wiegand(f"{0x0A1B2C:024b}"), ReaderProfile.WIEGAND26) == "0A1B2C"


def test_37_bit_wiegand_is_padded_to_five_bytes() -> None:
    assert canonical_uid(wiegand(f"{0x7_0000_0001:035b}"), ReaderProfile.WIEGAND37) == "0700000001"


@pytest.mark.parametrize("profile", WIEGAND)
@given(data=st.data())
def test_two_cards_are_never_one_uid_and_one_card_never_two(profile: ReaderProfile, data: st.DataObject) -> None:
    numbers = st.integers(0, 2 ** (WIEGAND_BITS[profile] - 2) - 1)
    first, second = data.draw(numbers), data.draw(numbers)
    width = WIEGAND_BITS[profile] - 2
    uids = [canonical_uid(wiegand(f"{number:0{width}b}"), profile) for number in (first, second)]
    assert [int(uid, 16) for uid in uids] == [first, second]
    assert all(is_canonical(uid) for uid in uids)


@given(number=st.integers(0, 2**32 - 1))
def test_a_card_of_four_bytes_is_one_person_at_every_kind_of_reader(number: int) -> None:
    card = number.to_bytes(4, "big")
    uids = {
        canonical_uid(card.hex(), ReaderProfile.HEX_MSB),
        canonical_uid(card[::-1].hex(), ReaderProfile.HEX_LSB),
        canonical_uid(wiegand(f"{number:032b}"), ReaderProfile.WIEGAND34),
    }
    assert uids == {card.hex().upper()}


@given(cards=st.sets(UIDS, min_size=2, max_size=50))
def test_any_cards_of_any_sizes_in_either_order_stay_apart(cards: set[bytes]) -> None:
    readings = [
        (ReaderProfile.HEX_LSB, card[::-1]) if number % 2 else (ReaderProfile.HEX_MSB, card)
        for number, card in enumerate(sorted(cards))
    ]
    assert len({canonical_uid(seen.hex(), profile) for profile, seen in readings}) == len(cards)


@pytest.mark.parametrize("profile", WIEGAND)
@given(data=st.data())
def test_one_flipped_wiegand_bit_is_refused(profile: ReaderProfile, data: st.DataObject) -> None:
    bits = WIEGAND_BITS[profile]
    reading = wiegand(f"{data.draw(st.integers(0, 2 ** (bits - 2) - 1)):0{bits - 2}b}")
    at = data.draw(st.integers(0, bits - 1))
    flipped = reading[:at] + ("0" if reading[at] == "1" else "1") + reading[at + 1 :]
    with pytest.raises(UnreadableBadgeError):
        canonical_uid(flipped, profile)


@pytest.mark.parametrize(
    "reading",
    ["", "04", "0A1B2C", "04A2246B1F908", "04A2246B1F90800", "ZZ112233", "０４Ａ２２４６Ｂ", "11" * 8],  # noqa: RUF001
)
def test_what_is_no_card_is_refused_without_being_repeated(reading: str) -> None:
    with pytest.raises(UnreadableBadgeError) as refusal:
        canonical_uid(reading, ReaderProfile.HEX_MSB)
    assert not reading or reading not in str(refusal.value)


@pytest.mark.parametrize("reading", ["", "1" * 25, "1" * 27, "2" * 26, "0A1B2C"])
def test_what_is_no_wiegand_frame_is_refused(reading: str) -> None:
    with pytest.raises(UnreadableBadgeError):
        canonical_uid(reading, ReaderProfile.WIEGAND26)


@pytest.mark.parametrize("uid", ["", "04a2246b", "04 A2 24 6B", "A1B2", "A" * 16, "A" * 22, "DEADBEEF\n"])
def test_other_forms_are_not_canonical(uid: str) -> None:
    assert not is_canonical(uid)
