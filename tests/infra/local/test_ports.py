"""Ports: nothing is started where something else already answers."""

import socket
from collections.abc import Iterator

import pytest

from infra.local import ports
from infra.local.home import LocalStackError


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


def test_a_port_that_was_asked_for_and_is_taken_is_an_error_that_says_so(taken: int) -> None:
    with pytest.raises(LocalStackError, match=f"Port {taken} is taken by another program"):
        ports.choose(taken, 4566)


def test_where_the_usual_port_is_taken_another_one_is_free(taken: int) -> None:
    found = ports.choose(None, taken)
    assert found != taken
    with socket.socket() as mine:
        mine.bind(("127.0.0.1", found))


def test_a_free_port_is_taken_as_it_was_asked_for(taken: int) -> None:
    free = ports.choose(None, taken)
    assert ports.choose(free, taken) == free
    assert ports.choose(None, free) == free
