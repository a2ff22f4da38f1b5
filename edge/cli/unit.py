"""`toolcrib-bank unit`: the systemd unit that comes with this version, and the guard that it starts."""

from importlib.resources import files
from typing import Annotated

import typer

Guard = Annotated[bool, typer.Option("--guard", help="Print the guard instead, which turns back bad updates.")]


def unit(*, guard: Guard = False) -> None:
    """Print the systemd unit: `toolcrib-bank unit | sudo tee /etc/systemd/system/toolcrib-bank.service`."""
    here = files("edge")
    shown = here / "updates" / "guard.py" if guard else here / "systemd" / "toolcrib-bank.service"
    typer.echo(shown.read_text(), nl=False)
