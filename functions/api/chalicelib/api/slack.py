"""What Slack calls: buttons, the slash command, events. No sign-in; every request is signed by Slack."""

from datetime import UTC, datetime
from typing import Final

from chalice.app import CaseInsensitiveMapping, Response

from chalicelib.slack.invoking import MARK
from chalicelib.slack.shapes import check_shape
from chalicelib.slack.signatures import check
from chalicelib.web.answers import Answer
from chalicelib.web.roles import SIGNED
from chalicelib.web.routes import Routes

routes: Final = Routes(
    "slack",
    {"POST /slack/actions": SIGNED, "POST /slack/commands": SIGNED, "POST /slack/events": SIGNED},
)


@routes.on("POST /slack/actions")
def slack_actions() -> Answer[str]:
    """Take in what was pressed in Slack. For Slack only, which signs what it sends."""
    return _handled()


@routes.on("POST /slack/commands")
def slack_commands() -> Answer[str]:
    """Take in a slash command. For Slack only, which signs what it sends."""
    return _handled()


@routes.on("POST /slack/events")
def slack_events() -> Answer[str]:
    """Take in that somebody opened the app's home. For Slack only, which signs what it sends."""
    return _handled()


def _handled() -> Answer[str]:
    """Check and acknowledge a request; in the second half of one, which only this function can ask for, do its work."""
    request = routes.current_request
    if not request.context.get(MARK):
        check(request, datetime.fromtimestamp(request.context["requestTimeEpoch"] / 1000, UTC))
        check_shape(request)
        own = {name: value for name, value in request.headers.items() if not name.lower().startswith("x-slack-bolt-")}
        request.headers = CaseInsensitiveMapping(own)  # bolt believes these of whoever sends them
    from chalicelib.slack.bolt import handler  # only who comes from Slack waits for bolt

    said: Response = handler(routes.current_app).handle(request)
    kind = {name.title(): str(value) for name, value in said.headers.items() if name.lower() == "content-type"}
    return Answer(str(said.body or ""), status=said.status_code, headers=kind)
