"""The short form of G6; the long one (`long.py`) is the same with 100,000 and 10,000."""

import logging
from pathlib import Path

import pytest

from tests.proof.commands.trying import FAMILIES, obeyed, opened_by, share

BAD, GOOD = 6_000, 200
MEMORY = Path("/dev/shm")  # noqa: S108 - a file system whose writes cost nothing, where there is one
WITHIN = MEMORY if MEMORY.is_dir() else None


@pytest.fixture(autouse=True)
def in_silence(caplog: pytest.LogCaptureFixture) -> None:
    """A bank has a word to say about each."""
    caplog.set_level(logging.ERROR)


@pytest.mark.parametrize("family", FAMILIES)
def test_no_door_opens_to_a_command_that_is(family: str) -> None:
    assert opened_by(family, share(family, BAD), seed=1, within=WITHIN) == 0


def test_a_good_command_opens_its_door_once_however_often_it_arrives() -> None:
    assert obeyed(GOOD, seed=1, within=WITHIN) == {1: GOOD}
