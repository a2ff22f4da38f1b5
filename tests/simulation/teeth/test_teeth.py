"""Each planted bug is found within fifty seeds (safety.md, G2), and so is each of the circulation rules."""

import pytest

from edge import uploads
from tests.simulation.teeth.bugs import BUGS
from tests.simulation.teeth.hunt import hunt
from tests.simulation.teeth.rules import RULE_BUGS


@pytest.mark.parametrize("bug", BUGS)
def test_a_planted_bug_is_found(bug: str) -> None:
    assert hunt(bug) is not None


def test_a_roster_without_expiry_is_planted_once_there_are_rosters() -> None:
    assert not any("roster" in kind for kind in uploads.KINDS.values())
    assert len(BUGS.keys() - RULE_BUGS.keys()) == 14
