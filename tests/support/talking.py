"""A late camera, told of in Slack and by mail: the real sender and API in this process, the inbox and its page around.

with talking(tmp_path) as here:
    here.tell("PT2H", to=To.SUPERVISOR, recipient="p-9", via=Via.SLACK)
    page.goto(here.inbox)          # what is pressed there is signed, comes to the API, and changes the message
"""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any
from unittest.mock import patch

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from chalicelib.notices import email
from chalicelib.notices.amend_notice import amend
from chalicelib.notices.deliver_notice import deliver
from chalicelib.notices.wording.message import Message
from infra.local import ports
from tests.support.http import _resource, app, enter, tables_at_hand
from tests.support.inbox import running_inbox, serving
from tests.support.stories import DUE, HOUR, TAKEN, a_loan, a_notice
from tests.support.streamed import outdate
from tests.support.workplace import ORG, put_asset, put_person, rules
from toolcrib import secrets
from toolcrib.domain.assets import Asset, AssetType, Custodian
from toolcrib.domain.loans import LoanState
from toolcrib.domain.notices import Notice
from toolcrib.domain.people import Holding, Person
from toolcrib.domain.policies import Match, Period, Policy, Site
from toolcrib.domain.record import replace
from toolcrib.domain.states import State
from toolcrib.settings import settings
from toolcrib.store import mapping
from toolcrib.store.loans import load_loan
from toolcrib.store.notices import load_notice
from toolcrib.store.people import describe_person, load_person
from toolcrib.store.tables import connection

NOW = DUE + 2 * HOUR
SIGNING = "the-app-and-the-inbox-share-it"
CHANNEL = "#tool-room"
LOAN = "loan-1"
PEOPLE = (
    Person(id="p-1", name="Maya Lind", slack_id="U0MAYA", email="maya@acme.example", site="hq", language="en"),
    Person(id="p-9", name="Omar Haddad", slack_id="U0OMAR", email="omar@acme.example", site="hq", language="en"),
)
HELD = Holding(
    asset="cam-2",
    type="thermal-camera",
    name="Thermal camera 2",
    state="open",
    bank="hq-01",
    door=3,
    site="hq",
    since=TAKEN,
    until=DUE,
    renew_from=TAKEN,
)


@dataclass
class Context:
    function_name: str = "toolcrib-api"


@dataclass
class Talk:
    """Where the inbox is, and what becomes of the camera. `mails` are what the local AWS would list."""

    inbox: str = ""
    mails: list[dict[str, Any]] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    invoked: list[dict[str, Any]] = field(default_factory=list)
    seconds: Iterator[int] = field(default_factory=count)

    def tell(self, step: str, **more: Any) -> Notice:
        """Write the notice of a step, and let it be delivered."""
        number = len(self.notices) + 1
        notice = a_notice(**{"id": f"notice-{number}", "step": step, "site": "hq", **more})
        connection()
        mapping.notice_item(ORG, notice).save()
        self.notices.append(notice.id)
        deliver(notice.id, ORG, self.moment())
        return load_notice(ORG, notice.id)

    def bring_back(self) -> None:
        """Let the camera be returned, twelve minutes later."""
        back = NOW + timedelta(minutes=12)
        before = load_loan(ORG, LOAN)
        after = replace(
            before, state=LoanState.CLOSED, returned_at=back, return_bank="hq-01", version=before.version + 1
        )
        mapping.loan_item(ORG, after).save()
        outdate(LOAN, ORG, back)

    def moment(self) -> datetime:
        """Return when the sender is at work: a second later each time, so that everything is in its turn."""
        return NOW + timedelta(seconds=next(self.seconds))

    def mail(self, to: str, message: Message) -> None:
        """Note a mail as the local AWS lists it."""
        content = email._content(message)
        known = {"MessageId": f"m{len(self.mails)}", "Source": "toolcrib@acme.example", "To": [to], "CC": [], "BCC": []}
        bodies = {f"Body{half}": content["Body"][half]["Data"] for half in ("Text", "Html")}
        more = {"Subject": message.subject, "Headers": content["Headers"], "Timestamp": NOW.timestamp(), "Type": "x"}
        self.mails.append({**known, **bodies, **more})

    def invoke(self, **given: Any) -> dict[str, Any]:
        """Take in an invocation, as Lambda's client does."""
        self.invoked.append(json.loads(given["Payload"]))
        return {"StatusCode": 202}

    def second_half(self) -> None:
        """Do what the API invoked itself for; then the table's stream lets messages change."""
        while self.invoked:
            app()(self.invoked.pop(0), Context())
        for notice in self.notices:
            amend(notice, ORG, self.moment())

    async def api(self, request: Request) -> Response:
        """Answer as API Gateway and the function do."""
        path, body = request.url.path, (await request.body()).decode()
        resource, variables = _resource(path)
        event = {
            "headers": {name.title(): value for name, value in request.headers.items()},
            "pathParameters": variables,
            "stageVariables": None,
            "isBase64Encoded": False,
            "multiValueQueryStringParameters": None,
            "body": body,
            "requestContext": {
                "httpMethod": request.method,
                "resourcePath": resource,
                "requestId": f"r{id(request)}",
                "requestTimeEpoch": int(NOW.timestamp() * 1000),
            },
        }
        answer = await run_in_threadpool(app(), event, Context())
        return Response(
            answer["body"], answer["statusCode"], answer["headers"], background=BackgroundTask(self.second_half)
        )

    async def listed(self, _: Request) -> Response:
        return JSONResponse({"messages": {"000000000000": self.mails}})


@contextmanager
def talking(folder: Path, clock: Callable[[], float] | None = None) -> Iterator[Talk]:
    """Open it: a camera that Maya has had for two hours too long, Omar who supervises, and a channel."""
    here, port = Talk(), ports._any_free()
    base = f"http://127.0.0.1:{port}"
    routes = [
        Route("/v1/{rest:path}", here.api, methods=["GET", "POST"]),
        Route("/_ministack/ses/messages", here.listed),
    ]
    (folder / "stack.json").write_text(json.dumps({"api": base}))
    ticks = iter(range(10**9))
    told = clock or (lambda: NOW.timestamp() + next(ticks) / 1000)  # no two messages at one moment
    with ExitStack() as stack:
        config = uvicorn.Config(Starlette(routes=routes), host="127.0.0.1", port=port, log_level="error")
        stack.enter_context(serving(config))
        signed = {"stack": folder / "stack.json", "signing_secret": SIGNING, "clock": told}
        here.inbox = stack.enter_context(running_inbox(folder / "inbox", base, **signed))
        stack.enter_context(tables_at_hand())
        stack.enter_context(patch.dict("os.environ", {"API_BASE": base, "SLACK_API_BASE": here.inbox}))
        stack.enter_context(patch.object(secrets, "slack", lambda: {"bot_token": "xoxb-1", "signing_secret": SIGNING}))
        stack.enter_context(patch.object(email, "send", here.mail))
        stack.enter_context(patch("chalicelib.slack.invoking.client", lambda _: here))
        settings.cache_clear()
        _workplace(here)
        yield here
    settings.cache_clear()


def _workplace(here: Talk) -> None:
    rules(
        Site(id="hq", name="HQ Berlin", time_zone="Europe/Berlin", supervisors=("p-9",), channel=CHANNEL),
        AssetType(id="thermal-camera", name="Thermal camera", category="measuring"),
        Policy(id="fallback", match=Match(), period=Period(after=8 * HOUR)),
    )
    camera = {"id": "cam-2", "type": "thermal-camera", "name": "Thermal camera 2", "site": "hq"}
    put_asset(Asset(**camera, state=State.ON_LOAN, custodian=Custodian.person("p-1")))
    connection()
    mapping.loan_item(ORG, a_loan()).save()
    enter("omar", "supervisor", person="p-9", sites=("hq",))
    for person in PEOPLE:
        put_person(replace(person, slack_id=None, holdings={LOAN: HELD} if person.id == "p-1" else {}))
        before = load_person(ORG, person.id)
        known = replace(before, slack_id=person.slack_id, version=before.version + 1)
        describe_person(ORG, f"op-{person.id}", NOW, known, before)
        member = {"id": person.slack_id, "name": person.name, "email": person.email}
        httpx.post(f"{here.inbox}/_members", json=member).raise_for_status()
