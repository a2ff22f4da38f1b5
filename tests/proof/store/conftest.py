"""Each statement is asked of every store there is; where one is known to differ, it has to."""

import os
import socket
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from infra.cli.target import Target
from infra.local import loopback, ministack, processes
from infra.local.home import Home
from tests.proof.store.differences import known
from tests.proof.store.shop import Shop, behind_botocore, in_moto, made, ministack_client, strict

RUNNING = os.environ.get("JOURNEYS_AT")  # the folder of a stack that runs already, as for the journeys
HERE: dict[str, Callable[[], AbstractContextManager[Shop]]] = {
    "strict": strict,
    "behind_botocore": behind_botocore,
    "moto": in_moto,
}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(scope="session")
def target(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    """A MiniStack with nothing deployed to it."""
    if RUNNING:
        yield ministack.target(Home(Path(RUNNING)))
        return
    home = Home(tmp_path_factory.mktemp("ministack"))
    ministack.install()
    try:
        yield ministack.start(home, port=_free_port(), mqtt_port=_free_port())
    finally:
        processes.stop(home, ministack.NAME)
        loopback.client().close()
        loopback.client.cache_clear()


@pytest.fixture(scope="session")
def remote(target: Target) -> Iterator[Any]:
    """A client for that MiniStack."""
    with closing(ministack_client(target)) as client:
        yield client


@pytest.fixture(params=[*HERE, pytest.param("ministack", marks=pytest.mark.journey)])
def shop(request: pytest.FixtureRequest) -> Iterator[Shop]:
    """An empty table, wherever it is."""
    if request.param in HERE:
        with HERE[request.param]() as found:
            yield found
        return
    found = made(request.getfixturevalue("remote"), f"conformance-{os.urandom(6).hex()}")
    yield found
    found.client.delete_table(TableName=found.table)


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Iterator[Any]:
    """Let a statement fail where its failing is known, and only there."""
    spec = getattr(pyfuncitem, "callspec", None)
    if spec is None or "shop" not in spec.params:
        return (yield)
    where = spec.params["shop"]
    difference = known(where, pyfuncitem.originalname, spec.id.removeprefix(where).removeprefix("-"))
    if difference is None:
        return (yield)
    try:
        yield
    except (AssertionError, ClientError, LookupError, TypeError, ValueError):  # moto falls over some
        return True
    pytest.fail(f"{where} does as AWS says now; take the line out of differences.py: {difference.aws_says}")
