"""The bolt app: which listener does what. Each acknowledges at once, and works in an invocation of its own."""

import logging
import re
from functools import cache
from http import HTTPStatus
from traceback import extract_tb
from typing import Any

from chalice.app import Chalice
from slack_bolt import Ack, App, BoltResponse
from slack_bolt.adapter.aws_lambda.chalice_handler import ChaliceSlackRequestHandler
from slack_bolt.authorization import AuthorizeResult

from chalicelib.slack import commands, home, pressing
from chalicelib.slack.invoking import Invoker
from toolcrib import telemetry
from toolcrib.domain.reactions import Reaction

BUTTONS = re.compile("|".join(Reaction))


@cache
def handler(chalice: Chalice) -> ChaliceSlackRequestHandler:
    """Return what answers Slack's requests, once they are known to be Slack's (`signatures.py`)."""
    app = App(
        name="toolcrib",
        logger=_quiet(),
        process_before_response=True,
        request_verification_enabled=False,
        ssl_check_enabled=False,
        signing_secret="checked-before",  # noqa: S106 - bolt wants one; ours is read anew when it changes
        authorize=_authorized,
    )
    app.action(BUTTONS)(ack=_ack, lazy=[pressing.press])
    app.command("/toolcrib")(ack=_ack, lazy=[commands.answer])
    app.action(home.RENEW)(ack=_ack, lazy=[home.renew])
    app.event("app_home_opened")(ack=_ack, lazy=[home.publish])
    app.error(_failed)
    made = ChaliceSlackRequestHandler(app, chalice)
    app.listener_runner.lazy_listener_runner = Invoker(_quiet())
    return made


def _ack(ack: Ack) -> None:
    ack()


def _authorized(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
    """Say whose app this is; the token that is used stands with what uses it (`web_api.py`)."""
    return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id)


def _failed(error: Exception, body: dict[str, Any]) -> BoltResponse:
    """Log what broke by kind and place only, and tell whoever pressed that it did: they may press again."""
    last = extract_tb(error.__traceback__)[-1]
    where = f"{last.name}:{last.lineno}"
    telemetry.logger().error("slack", extra={"outcome": "failed", "code": type(error).__name__, "where": where})
    telemetry.count("ApiFailures")
    pressing.tell_failed(body)
    return BoltResponse(status=HTTPStatus.INTERNAL_SERVER_ERROR, body="")


def _quiet() -> logging.Logger:
    """Return a logger that says nothing: bolt's lines hold whole requests."""
    logger = logging.getLogger(__name__)
    logger.setLevel(logging.CRITICAL + 1)
    return logger
