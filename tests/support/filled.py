"""Two orgs with one of everything at two sites, and a principal of each role, behind the API."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from unittest.mock import patch

import boto3

from tests.support import orgs
from tests.support.certificates import csr, signed
from tests.support.dynamo import Dynamo
from tests.support.http import enter, tables_at_hand
from tests.support.workplace import NOW, ORG
from toolcrib import settings
from toolcrib.domain.overrides import PERMISSIONS
from toolcrib.domain.people import Person
from toolcrib.store import certificates, mapping

MORE = {"IOT_POLICY": "banks", "IOT_MQTT_HOST": "mqtt.example", "LOCAL_STACK": ""}


def provisioning_claim() -> tuple[certificates.Certificate, str, datetime]:
    """Return what IoT Core would make."""
    made = certificates.Certificate(arn="c" * 64, pem=signed(csr("claim")))
    return made, "-----BEGIN PRIVATE KEY-----", NOW + timedelta(minutes=5)


@contextmanager
def filled_orgs() -> Iterator[Dynamo]:
    """Open them; banks can be enrolled, too."""
    with tables_at_hand() as dynamo, patch.dict("os.environ", MORE):
        settings.settings.cache_clear()
        boto3.client("iot").create_policy(policyName="banks", policyDocument="{}")
        boto3.client("s3").create_bucket(Bucket="photos")
        orgs.fill(ORG)
        orgs.fill("globex", "-globex")
        for role in ("admin", "auditor", "machine"):
            enter(role, role)
        for keeper in ("boss", "chief"):
            item = mapping.person_item(ORG, Person(id=keeper, name="Keeper", permissions=PERMISSIONS))
            item.listing_pk = item.listing_sk = None  # in no list, so that those hold one of everything
            item.save()
        enter("admin", "admin", person="chief")
        enter("supervisor", "supervisor", person="boss", sites=("hq",))
        enter("self", "self", person="hq")
        enter("stranger", "admin", org="globex")
        with (
            patch.object(certificates, "cut", lambda _: None),  # ends a live session, which moto has none of
            patch.object(certificates, "claim", provisioning_claim),  # which moto does not know
        ):
            yield dynamo
