from collections.abc import Iterator

import pytest

from tests.support.dynamo import Dynamo
from tests.support.filled import filled_orgs
from tests.support.http import Client, enter, tables_at_hand


@pytest.fixture
def admin() -> Iterator[Client]:
    """An administrator of an org that has nothing yet."""
    with tables_at_hand() as dynamo:
        enter("admin", "admin")
        yield Client(dynamo=dynamo)


@pytest.fixture(scope="module")
def filled() -> Iterator[Dynamo]:
    """Two orgs with one of everything at two sites, and a principal of each role; for tests that leave it as it was."""
    with filled_orgs() as dynamo:
        yield dynamo
