import pytest

from edge.drivers.contacts import Contact


def settled(*readings: bool) -> list[bool]:
    """The settled level after each change."""
    contact, levels = Contact(), []
    for reading in readings:
        if contact.read(reading):
            assert contact.closed is not None
            levels.append(contact.closed)
    return levels


@pytest.mark.parametrize(
    ("readings", "changes"),
    [
        ((), []),
        ((True,), [True]),
        ((True, False), [True]),
        ((True, False, True, False, True), [True]),
        ((True, False, False), [True, False]),
        ((True, False, False, True, True), [True, False, True]),
        ((False, False, False), [False]),
    ],
)
def test_a_level_counts_once_two_readings_agree(readings: tuple[bool, ...], changes: list[bool]) -> None:
    assert settled(*readings) == changes


def test_a_contact_that_was_away_counts_anew_at_its_first_reading() -> None:
    contact = Contact()
    assert all(contact.read(closed) for closed in (True,))
    contact.forget()
    assert contact.closed is None
    assert all(contact.read(closed) for closed in (False,))
