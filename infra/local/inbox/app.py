"""The inbox as an application: Slack's stand-in, the JSON lists, the page, and a switch to make Slack fail."""

from collections.abc import Awaitable, Callable
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
from infra.local.inbox.acting import Acting, Asked, Command, Failed, Opening, Press, read
from infra.local.inbox.box import Box
from infra.local.inbox.calling import App
from infra.local.inbox.members import Member, Members
from infra.local.inbox.slack import Slack, failing
from infra.local.inbox.view import View
from infra.local.inbox.whispers import Whispers

HERE = Path(__file__).parent


def make(data: Path, ministack: str, app: App) -> Starlette:
    """Return the inbox that keeps its messages in `data`, shows the mail of the AWS at `ministack`, and calls `app`."""
    inbox = _Inbox(Box(data), ministack.rstrip("/"), app)
    answers = [
        Route(f"/{kind}/{{rest:path}}", inbox.whispers.hear, methods=["POST"]) for kind in ("actions", "commands")
    ]
    asked = [
        Route("/_press", inbox.asked(Press, inbox.acting.press), methods=["POST"]),
        Route("/_command", inbox.asked(Command, inbox.acting.command), methods=["POST"]),
        Route("/_open", inbox.asked(Opening, inbox.acting.open_home), methods=["POST"]),
        Route("/_members", inbox.asked(Member, inbox.enter), methods=["POST"]),
        Route("/_control", inbox.control, methods=["GET", "POST"]),
    ]
    return Starlette(
        routes=[
            Route("/", inbox.front),
            Route("/panes", inbox.panes),
            Route("/email/{number:int}", inbox.letter),
            Route("/slack", inbox.slack_list),
            Route("/email", inbox.email_list),
            Route("/api/{method}", inbox.slack_method, methods=["GET", "POST"]),
            Route("/services/{service:path}", inbox.slack_webhook, methods=["POST"]),
            *answers,
            *asked,
            Mount("/static", StaticFiles(directory=HERE / "static")),
        ],
        middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=["127.0.0.1", "localhost"])],
    )


class _Control(msgspec.Struct):
    slack: Literal["ok", "down", "429"]


class _Inbox:
    """The routes; `mode` is how Slack behaves just now."""

    def __init__(self, box: Box, ministack: str, app: App) -> None:
        self.box, self.ministack, self.mode = box, ministack, "ok"
        self.slack = Slack(box, app.clock)
        self.whispers = Whispers(box, self.slack, app.clock)
        self.acting = Acting(box, app, self.whispers, app.clock)

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
            except (msgspec.DecodeError, UnicodeDecodeError) as error:
                return JSONResponse({"error": str(error)}, HTTPStatus.BAD_REQUEST)
        return JSONResponse({"slack": self.mode})

    async def enter(self, member: Member) -> None:
        Members(self.box).enter(member)

    def asked(
        self, kind: type[Asked], do: Callable[[Asked], Awaitable[str | None]]
    ) -> Callable[[Request], Awaitable[Response]]:
        """Return a route that does what the page asks for, and says in a sentence what went wrong."""

        async def route(request: Request) -> Response:
            try:
                wrong = await do(await read(request, kind))
            except Failed as failed:
                return JSONResponse({"error": str(failed)}, HTTPStatus.BAD_REQUEST)
            return JSONResponse({"error": wrong} if wrong else {}, HTTPStatus.BAD_GATEWAY if wrong else HTTPStatus.OK)

        return route

    async def _view(self, request: Request) -> View:
        await mail.fetch(self.box, self.ministack)
        return View.of(self.box, request.query_params, self.mode)
