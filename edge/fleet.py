"""Run all simulated banks of a local stack: `python -m edge.fleet --stack .toolcrib/stack.json --port N`."""

import asyncio
import logging
import socket
from pathlib import Path
from typing import Annotated

import typer

from edge import panel
from edge.kiosk.server import HOST, Server
from edge.simulation.fleet import Fleet

StackFile = Annotated[Path, typer.Option(exists=True, dir_okay=False, help="The local stack's stack.json.")]
Port = Annotated[int, typer.Option(help="Where the panel listens, on 127.0.0.1.")]
State = Annotated[
    Path | None, typer.Option(help="Folder for journals and contents; beside the stack file unless told.")
]


def main(stack: StackFile, port: Port, state: State = None) -> None:
    """Start every bank that stack.json calls simulated, and a panel that plays the people in front of them."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    asyncio.run(serve(stack, port, state or stack.parent / "edge"))


async def serve(stack: Path, port: int, state: Path) -> None:
    """Serve until a signal ends it."""
    fleet = Fleet(stack, state)
    with socket.create_server((HOST, port)) as listening:
        await fleet.start_all()
        try:
            await Server(panel.app(fleet), fleet.let_go).serve([listening])
        finally:
            await fleet.stop_all()


if __name__ == "__main__":
    typer.run(main)
