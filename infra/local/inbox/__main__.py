"""`python -m infra.local.inbox --port N --ministack URL --data DIR --stack FILE`: serve the inbox, here only."""

from pathlib import Path
from typing import Annotated

import typer
import uvicorn

from infra.local.inbox.app import make
from infra.local.inbox.calling import App

HOST = "127.0.0.1"


def serve(
    port: Annotated[int, typer.Option(help="where to listen, on 127.0.0.1")],
    ministack: Annotated[str, typer.Option(help="the local AWS whose mail is shown")],
    data: Annotated[Path, typer.Option(help="the folder in which messages are kept")],
    stack: Annotated[Path | None, typer.Option(help="the file that says where the API is")] = None,
    signing_secret: Annotated[str, typer.Option(envvar="SLACK_SIGNING_SECRET", help="signs what is pressed")] = "",
) -> None:
    """Play Slack, and show what Slack and mail would have received."""
    app = App(stack=stack, signing_secret=signing_secret, own=f"http://{HOST}:{port}")
    uvicorn.run(make(data, ministack, app), host=HOST, port=port, log_level="warning")


if __name__ == "__main__":
    typer.run(serve)
