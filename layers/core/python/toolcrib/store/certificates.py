"""IoT Core's registry: each bank's thing, its certificates, and what they allow.

A certificate without the banks' policy may do nothing. So a new one gets it only once the bank's record names it, and
an old one loses it first of all. Every certificate is attached to its thing before anything else happens: whatever
breaks off, a later call finds it there.
"""

from collections.abc import Collection, Iterator
from contextlib import suppress
from datetime import datetime
from http import HTTPStatus
from importlib.resources import files
from typing import Any

import urllib3
from botocore.exceptions import ClientError

from toolcrib.clients import client
from toolcrib.domain.record import Record
from toolcrib.domain.refusals import Invalid
from toolcrib.settings import settings


class Certificate(Record, frozen=True, kw_only=True):
    """A signed certificate: where IoT Core keeps it, and its PEM."""

    arn: str
    pem: str


def thing_of(org: str, bank: str) -> str:
    """Return the name of a bank's thing, which is its MQTT client id as well."""
    return f"{org}:{bank}"


def issue(thing: str, csr: str) -> Certificate:
    """Sign a checked CSR for a thing, which is made if it is not there; the certificate may do nothing yet."""
    iot = client("iot")
    iot.create_thing(thingName=thing)  # answers the same for a thing that is there
    try:
        made = iot.create_certificate_from_csr(certificateSigningRequest=csr, setAsActive=True)
    except iot.exceptions.InvalidRequestException as error:
        why = "the certificate authority refuses it"
        raise Invalid(code="bad_csr", detail=f"{why}: {error}", fields={"csr": why}) from error
    iot.attach_thing_principal(thingName=thing, principal=made["certificateArn"])
    return Certificate(arn=made["certificateArn"], pem=made["certificatePem"])


def adopt(thing: str, certificate: str) -> None:
    """Attach a certificate to its thing, which is made if it is not there; repeating it changes nothing."""
    iot = client("iot")
    iot.create_thing(thingName=thing)  # answers the same for a thing that is there
    iot.attach_thing_principal(thingName=thing, principal=certificate)


def allow(certificate: str) -> None:
    """Let a certificate do what banks may do."""
    client("iot").attach_policy(policyName=settings().iot_policy, target=certificate)


def restore(thing: str, certificate: str) -> None:
    """Give a certificate back all that was taken from it; it may do what banks may."""
    adopt(thing, certificate)
    client("iot").update_certificate(certificateId=certificate.rsplit("/", 1)[1], newStatus="ACTIVE")
    allow(certificate)


def withdraw(thing: str, *, but: Collection[str] = ()) -> tuple[str, ...]:
    """Take from every certificate of a thing, except these, what it may do; return those, none in a repeat."""
    others = tuple(certificate for certificate in _certificates(thing) if certificate not in but)
    for certificate in others:
        drop(thing, certificate)
    return others


def drop(thing: str, certificate: str) -> None:
    """Take from one certificate what it may do; repeating it changes nothing.

    First what it may do, then its validity, last the thread by which a repeat would find it.
    """
    iot = client("iot")
    with suppress(iot.exceptions.ResourceNotFoundException):  # a certificate that never got it
        iot.detach_policy(policyName=settings().iot_policy, target=certificate)
    iot.update_certificate(certificateId=certificate.rsplit("/", 1)[1], newStatus="INACTIVE")
    with suppress(iot.exceptions.ResourceNotFoundException):  # a thing it hangs on no more
        iot.detach_thing_principal(thingName=thing, principal=certificate)


def _certificates(thing: str) -> Iterator[str]:
    iot = client("iot")
    try:
        for page in iot.get_paginator("list_thing_principals").paginate(thingName=thing):
            yield from page["principals"]
    except iot.exceptions.ResourceNotFoundException:
        return


def claim() -> tuple[Certificate, str, datetime]:
    """Return a certificate by which a board may ask to be enrolled, its key in PEM, and when both end (5 minutes).

    It may do nothing else, and that only with a token: AWS keeps it out of the registry.
    """
    made = client("iot").create_provisioning_claim(templateName=settings().provisioning_template)
    certificate = Certificate(arn=made["certificateId"], pem=made["certificatePem"])
    return certificate, made["keyPair"]["PrivateKey"], made["expiration"]


def cut(thing: str) -> None:
    """End a thing's MQTT session, if it has one. The local stack cannot: there its missing policy stops it."""
    data: Any = client("iot-data", settings().iot_data_endpoint)
    try:
        with suppress(data.exceptions.ResourceNotFoundException):  # it is not connected
            data.delete_connection(clientId=thing, cleanSession=True)
    except ClientError:
        if not settings().is_local:
            raise


def authority() -> str:
    """Return the PEM by which a bank knows the MQTT endpoint: Amazon's root, or the local stack's own."""
    if settings().is_local:
        return _local_authority()
    return (files("toolcrib.store") / "amazon_root_ca_1.pem").read_text("ascii")


def _local_authority() -> str:
    answer = urllib3.request("GET", f"{settings().iot_data_endpoint}/_ministack/iot/ca.pem", timeout=5.0)
    if answer.status != HTTPStatus.OK:
        raise ConnectionError(f"the local stack answers {answer.status} when asked for its certificate authority")
    return answer.data.decode("ascii")
