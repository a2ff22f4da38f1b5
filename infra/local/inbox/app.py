"""The inbox as an application: Slack's stand-in, the JSON lists, the page, and a switch to make Slack fail."""

from http import HTTPStatus
from pathlib import Path
from typing import Literal

import msgspec
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from infra.local.inbox import mail, page
from infra.local.inbox.box import Box
from infra.local.inbox.slack import Slack, failing

HERE = Path(__file__).parent


def make(data: Path, ministack: str) -> Starlette:
    """Return the inbox that keeps its messages in `data` and shows the mail of the AWS at `ministack`."""
    inbox = _Inbox(Box(data), ministack.rstrip("/"))
    return Starlette(
        routes=[
            Route("/", inbox.front),
            Route("/panes", inbox.panes),
            Route("/email/{number:int}", inbox.letter),
            Route("/slack", inbox.slack_list),
            Route("/email", inbox.email_list),
            Route("/api/{method}", inbox.slack_method, methods=["POST"]),
            Route("/services/{service:path}", inbox.slack_webhook, methods=["POST"]),
            Route("/_control", inbox.control, methods=["GET", "POST"]),
            Mount("/static", StaticFiles(directory=HERE / "static")),
        ],
        middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=["127.0.0.1", "localhost"])],
    )


class _Control(msgspec.Struct):
    slack: Literal["ok", "down", "429"]


class _Inbox:
    """The routes; `mode` is how Slack behaves just now."""

    def __init__(self, box: Box, ministack: str) -> None:
        self.box, self.ministack, self.mode = box, ministack, "ok"
        self.slack = Slack(box)

    async def slack_method(self, request: Request) -> Response:
        return failing(self.mode) or await self.slack.method(request)

    async def slack_webhook(self, request: Request) -> Response:
        return failing(self.mode) or await self.slack.webhook(request)

    async def slack_list(self, _: Request) -> Response:
        return JSONResponse([entry.shown() for entry in self.box.all("slack")])

    async def email_list(self, _: Request) -> Response:
        await mail.fetch(self.box, self.ministack)
        return JSONResponse([entry.shown() for entry in self.box.all("email")])

    async def front(self, request: Request) -> Response:
        return page.whole(await self._view(request))

    async def panes(self, request: Request) -> Response:
        return page.panes(await self._view(request))

    async def letter(self, request: Request) -> Response:
        number, letters = request.path_params["number"], self.box.all("email")
        return page.letter(letters[number]) if number < len(letters) else Response(status_code=HTTPStatus.NOT_FOUND)

    async def control(self, request: Request) -> Response:
        if request.method == "POST":
            try:
                self.mode = msgspec.json.decode(await request.body(), type=_Control).slack
            except msgspec.DecodeError as error:
                return JSONResponse({"error": str(error)}, HTTPStatus.BAD_REQUEST)
        return JSONResponse({"slack": self.mode})

    async def _view(self, request: Request) -> page.View:
        await mail.fetch(self.box, self.ministack)
        return page.View.of(self.box, request.query_params, self.mode)
