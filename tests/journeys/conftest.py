"""One local stack for all journeys: production templates on MiniStack, signatures and policies enforced."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from infra.local.home import Home
from tests.journeys.asking import Web, signed_in
from tests.journeys.corner import Corner
from tests.support.local_stack import running

RUNNING = os.environ.get("JOURNEYS_AT")  # the folder of a stack that runs already, while journeys are written


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return Home(Path(RUNNING or tmp_path_factory.mktemp("stack")))


@pytest.fixture(scope="session")
def stack(home: Home) -> Iterator[dict[str, Any]]:
    """Start it as a user would, with a port and a folder of its own."""
    if RUNNING:
        yield home.read("stack.json")
        return
    with running(home):
        yield home.read("stack.json")


@pytest.fixture(scope="session")
def web(stack: dict[str, Any], home: Home) -> Iterator[Web]:
    """The HTTP API with an administrator's token, good for an hour."""
    with signed_in(home) as web:
        yield web


@pytest.fixture
def corner(stack: dict[str, Any], home: Home, web: Web) -> Iterator[Corner]:
    """A site of this journey's own."""
    corner = Corner(home=home, web=web, stack=stack)
    yield corner
    corner.close()
