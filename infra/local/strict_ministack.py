"""MiniStack, held to what AWS and we ask of MQTT and mail; run by its own interpreter, which has no toolcrib.

MiniStack 1.5.33 lets clients without a certificate in, past every policy, and listens on all interfaces whatever
`BIND_HOST` says. AWS IoT Core takes nobody without a certificate on this port, and we listen on loopback only. Of a
mail it keeps the bodies, not the headers that its sender set. This program can go once MiniStack does all three.
"""

import json
import os
import ssl
from asyncio.base_events import BaseEventLoop
from typing import Any

from ministack import app
from ministack.services import iot, ses_v2

create_server: Any = BaseEventLoop.create_server
build_ssl_context = iot._mtls_build_ssl_context  # noqa: SLF001 - there is no setting
answer_mail: Any = ses_v2.handle_request


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


if __name__ == "__main__":
    BaseEventLoop.create_server = create_server_on_loopback  # type: ignore[assignment,method-assign]
    iot._mtls_build_ssl_context = build_strict_ssl_context  # noqa: SLF001 - see above
    ses_v2.handle_request = answer_mail_keeping_headers
    app.main()
