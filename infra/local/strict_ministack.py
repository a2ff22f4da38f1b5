"""MiniStack, held to what AWS and we ask of MQTT and mail; run by its own interpreter, which has no toolcrib.

MiniStack 1.5.33 lets clients without a certificate in, past every policy, and listens on all interfaces whatever
`BIND_HOST` says. AWS IoT Core takes nobody without a certificate on this port, and we listen on loopback only. Of a
mail it keeps the bodies, not the headers that its sender set. A board that brings its own key over MQTT
(`$aws/certificates/create-from-csr`) gets no answer. This program can go once MiniStack does all four.
"""

import json
import os
import secrets
import ssl
import time
from asyncio.base_events import BaseEventLoop
from http import HTTPStatus
from typing import Any

from ministack import app
from ministack.services import iot, ses_v2

create_server: Any = BaseEventLoop.create_server
build_ssl_context = iot._mtls_build_ssl_context  # noqa: SLF001 - there is no setting
answer_mail: Any = ses_v2.handle_request

CREATE_FROM_CSR = "$aws/certificates/create-from-csr/json"
parse_provisioning_topic: Any = iot._parse_fleet_provisioning_topic  # noqa: SLF001 - where it misses the topic
answer_provisioning: Any = iot._fleet_provisioning_reply  # noqa: SLF001 - where it misses the answer


async def create_server_on_loopback(loop: Any, made_by: Any, host: Any = None, port: Any = None, **more: Any) -> Any:
    """Listen where `BIND_HOST` says instead of everywhere."""
    where = os.environ["BIND_HOST"] if host == "0.0.0.0" else host  # noqa: S104 - compared, not used
    return await create_server(loop, made_by, where, port, **more)


def build_strict_ssl_context() -> ssl.SSLContext:
    """Ask every client for its certificate."""
    context: ssl.SSLContext = build_ssl_context()
    context.verify_mode = ssl.CERT_REQUIRED
    return context


async def answer_mail_keeping_headers(method: str, path: str, headers: Any, body: Any, query: Any) -> Any:
    """Answer SES's second API, and note a sent mail's headers beside what MiniStack notes of it."""
    sent = ses_v2._sent_emails_list()  # noqa: SLF001 - the list that its inspection page shows
    before = len(sent)
    answer = await answer_mail(method, path, headers, body, query)
    if len(sent) > before and method == "POST":
        sent[-1]["Headers"] = json.loads(body).get("Content", {}).get("Simple", {}).get("Headers", [])
    return answer


def know_signing_requests(topic: str) -> Any:
    """Tell which provisioning request a topic is, CreateCertificateFromCsr included."""
    return ("create-from-csr", None) if topic == CREATE_FROM_CSR else parse_provisioning_topic(topic)


async def answer_signing_requests(account: str, region: str, operation: str, *more: Any) -> Any:
    """Answer CreateCertificateFromCsr as the MQTT service does; the rest is MiniStack's."""
    if operation != "create-from-csr":
        return await answer_provisioning(account, region, operation, *more)
    _, payload, _ = more
    with iot.request_scope(account, region):
        status, _, body = iot._create_certificate_from_csr(iot._parse_body(payload), {})  # noqa: SLF001 - the HTTP call
        answer = json.loads(body)
        if status != HTTPStatus.OK:
            return iot._fleet_rejected("InvalidCertificateSigningRequest", answer.get("message", ""))  # noqa: SLF001
        record = iot._certificates[answer["certificateId"]]  # noqa: SLF001 - its own registry
        iot._certificates[answer["certificateId"]] = {**record, "status": "PENDING_ACTIVATION"}  # noqa: SLF001
        token = secrets.token_urlsafe(48)
        ends = time.time() + iot._OWNERSHIP_TOKEN_SECONDS  # noqa: SLF001 - as for keys that it makes
        iot._ownership_tokens[token] = {"certificateId": answer["certificateId"], "expiration": ends}  # noqa: SLF001
    names = ("certificateId", "certificatePem")
    return "accepted", {**{name: answer[name] for name in names}, "certificateOwnershipToken": token}


if __name__ == "__main__":
    BaseEventLoop.create_server = create_server_on_loopback  # type: ignore[assignment,method-assign]
    iot._mtls_build_ssl_context = build_strict_ssl_context  # noqa: SLF001 - see above
    iot._parse_fleet_provisioning_topic = know_signing_requests  # noqa: SLF001 - see above
    iot._fleet_provisioning_reply = answer_signing_requests  # noqa: SLF001 - see above
    ses_v2.handle_request = answer_mail_keeping_headers
    app.main()
