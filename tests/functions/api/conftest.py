from collections.abc import Iterator

import boto3
import pytest

from tests.support import orgs
from tests.support.dynamo import Dynamo
from tests.support.http import Client, enter, tables_at_hand
from tests.support.workplace import ORG
from toolcrib import settings
from toolcrib.store import certificates


@pytest.fixture
def admin() -> Iterator[Client]:
    """An administrator of an org that has nothing yet."""
    with tables_at_hand() as dynamo:
        enter("admin", "admin")
        yield Client(dynamo=dynamo)


@pytest.fixture(scope="module")
def filled() -> Iterator[Dynamo]:
    """Two orgs with one of everything at two sites, and a principal of each role; for tests that leave it as it was."""
    with pytest.MonkeyPatch.context() as patch, tables_at_hand() as dynamo:
        patch.setenv("IOT_POLICY", "banks")
        patch.setenv("IOT_MQTT_HOST", "mqtt.example")
        patch.setenv("LOCAL_STACK", "")
        settings.settings.cache_clear()
        boto3.client("iot").create_policy(policyName="banks", policyDocument="{}")
        patch.setattr(certificates, "cut", lambda _: None)  # ends a live session, which moto has none of
        orgs.fill(ORG)
        orgs.fill("globex", "-globex")
        for role in ("admin", "auditor", "machine"):
            enter(role, role)
        enter("supervisor", "supervisor", person="boss", sites=("hq",))
        enter("self", "self", person="hq")
        enter("stranger", "admin", org="globex")
        yield dynamo
