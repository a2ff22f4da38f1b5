"""`toolcrib-bank unit`: the systemd unit that comes with this version."""

from importlib.resources import files

import typer


def unit() -> None:
    """Print the systemd unit: `toolcrib-bank unit | sudo tee /etc/systemd/system/toolcrib-bank.service`."""
    typer.echo((files("edge") / "systemd" / "toolcrib-bank.service").read_text(), nl=False)
