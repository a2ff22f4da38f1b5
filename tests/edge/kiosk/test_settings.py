import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.config import MAX_DOORS
from edge.kiosk.settings import KioskSettings, laid_out
from edge.kiosk.speaking import SPOKEN, Speaker, spoken
from toolcrib.domain import languages


@given(st.integers(1, MAX_DOORS))
def test_every_door_is_drawn_once_in_order(doors: int) -> None:
    assert [number for column in laid_out(doors) for number in column] == list(range(1, doors + 1))


def test_columns_are_drawn_as_they_stand() -> None:
    assert laid_out(5, (2, 3)) == ((1, 2), (3, 4, 5))


def test_columns_that_do_not_hold_the_doors_are_refused() -> None:
    with pytest.raises(ValueError, match="hold 5 doors, the bank has 6: count them again"):
        laid_out(6, (2, 3))


@pytest.mark.parametrize(
    "wrong", [{"language": "tlh"}, {"columns": [3, 0]}, {"columns": [1] * 17}, {"port": 80}, {"layout": "tall"}]
)
def test_a_screen_that_cannot_be_drawn_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(wrong, KioskSettings)


def test_the_screen_speaks_what_the_product_speaks() -> None:
    assert SPOKEN == languages.SPOKEN


@pytest.mark.parametrize(("tag", "language"), [("de-AT", "de"), ("PL_pl", "pl"), ("ja", "en"), ("", "en")])
def test_who_speaks_something_else_reads_english(tag: str, language: str) -> None:
    assert spoken(tag) == language


def test_what_the_cloud_worded_may_have_braces() -> None:
    assert Speaker("de").say("Take {odd} thing") == "Take {odd} thing"
