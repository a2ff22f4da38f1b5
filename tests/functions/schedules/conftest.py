"""What the tests of the clock's functions share."""

from collections.abc import Iterator

import pytest

from tests.support.world import World, world


@pytest.fixture
def here() -> Iterator[World]:
    with world() as it:
        yield it
