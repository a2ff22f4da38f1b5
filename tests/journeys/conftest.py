"""One local stack for all journeys: production templates on MiniStack, signatures and policies enforced."""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from infra.local import ministack
from infra.local.home import Home
from tests.journeys.asking import Web, signed_in
from tests.journeys.corner import Corner
from tests.support.local_stack import running
from tests.support.wire import Certificate

Issue = Callable[..., Certificate]

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


@pytest.fixture(scope="session")
def iot(stack: dict[str, Any], home: Home) -> Any:
    return ministack.target(home).client("iot")


@pytest.fixture(scope="session")
def issue(iot: Any, tmp_path_factory: pytest.TempPathFactory) -> Issue:
    """Make a certificate as enrolment does: attached to its thing, with the banks' policy."""

    def make(thing: str, *, policy: str | None = "toolcrib-acme-bank", active: bool = True) -> Certificate:
        made = iot.create_keys_and_certificate(setAsActive=active)
        folder = tmp_path_factory.mktemp("certificate")
        (folder / "cert.pem").write_text(made["certificatePem"])
        (folder / "key.pem").write_text(made["keyPair"]["PrivateKey"])
        iot.create_thing(thingName=thing)
        iot.attach_thing_principal(thingName=thing, principal=made["certificateArn"])
        if policy is not None:
            iot.attach_policy(policyName=policy, target=made["certificateArn"])
        return Certificate(cert=folder / "cert.pem", key=folder / "key.pem")

    return make


@pytest.fixture(scope="session")
def everything(iot: Any, issue: Issue) -> Certificate:
    """Return a certificate that may do and hear everything."""
    policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "iot:*", "Resource": "*"}]}
    with suppress(iot.exceptions.ResourceAlreadyExistsException):
        iot.create_policy(policyName="everything", policyDocument=json.dumps(policy))
    return issue("the-cloud", policy="everything")


@pytest.fixture
def corner(stack: dict[str, Any], home: Home, web: Web) -> Iterator[Corner]:
    """A site of this journey's own."""
    corner = Corner(home=home, web=web, stack=stack)
    yield corner
    corner.close()
