"""Each planted bug is found within fifty seeds (safety.md, G2), and so is each of the circulation rules."""

import pytest

from tests.simulation.campaign import one
from tests.simulation.teeth.bugs import BUGS
from tests.simulation.teeth.hunt import EVENTS, LONGER, MORE, hunt, oftener
from tests.simulation.teeth.rules import RULE_BUGS

SOON = {
    "roster without expiry": 1,
    "last-write-wins on reconnect": 67,
    "returns only for those who may take": 4,
    "bank not checked": 6,
    "device clock used": 4,
    "send, then record": 4,
    "guesses that are not counted": 2,
    "allowance without a condition": 4,
}
"""Beginnings from which the shy ones are found soon, to save time; the long form begins where it likes."""


@pytest.mark.parametrize("bug", BUGS)
def test_a_planted_bug_is_found(bug: str) -> None:
    assert hunt(bug, first=SOON.get(bug, 1)) is not None


def test_hints_are_about_bugs_that_there_are() -> None:
    assert SOON.keys() | MORE.keys() | LONGER.keys() <= BUGS.keys()


@pytest.mark.parametrize("bug", MORE)
def test_without_the_bug_nothing_is_found_where_it_is_found(bug: str) -> None:
    with oftener(bug):
        assert one(SOON[bug], LONGER.get(bug, EVENTS)).broken is None


def test_every_bug_of_the_list_is_planted() -> None:
    assert len(BUGS.keys() - RULE_BUGS.keys()) == 15
