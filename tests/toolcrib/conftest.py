"""A workplace for every scenario; what it left on record is checked when the scenario is over."""

from collections.abc import Iterator

import pytest

from tests.support.world import World, world


@pytest.fixture
def here() -> Iterator[World]:
    """A site, a crew, drills, nobody and no bank yet."""
    with world() as here:
        yield here
