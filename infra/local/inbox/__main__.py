"""`python -m infra.local.inbox --port N --ministack URL --data DIR`: serve the inbox on this machine only."""

from pathlib import Path
from typing import Annotated

import typer
import uvicorn

from infra.local.inbox.app import make

HOST = "127.0.0.1"


def serve(
    port: Annotated[int, typer.Option(help="where to listen, on 127.0.0.1")],
    ministack: Annotated[str, typer.Option(help="the local AWS whose mail is shown")],
    data: Annotated[Path, typer.Option(help="the folder in which messages are kept")],
) -> None:
    """Play Slack, and show what Slack and mail would have received."""
    uvicorn.run(make(data, ministack), host=HOST, port=port, log_level="warning")


if __name__ == "__main__":
    typer.run(serve)
