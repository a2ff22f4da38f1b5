"""What a screen is given to show: no more of a person than a hall may see."""

import pytest

from tests.support.workplace import person
from toolcrib.send.screens import display_name


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Maya Lind", "Maya L."),
        ("Maya", "Maya"),
        ("Maya van der Lind", "Maya L."),
        ("  Maya   Lind ", "Maya L."),
        ("Ñandú Öz", "Ñandú Ö."),
    ],
)
def test_a_name_is_shown_as_first_name_and_initial(name: str, shown: str) -> None:
    assert display_name(person(name=name)) == shown


@pytest.mark.parametrize("name", ["", "   "])
def test_somebody_without_a_name_is_shown_without_one(name: str) -> None:
    assert display_name(person(name=name)) == ""
