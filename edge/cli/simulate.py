"""`toolcrib-bank simulate`: banks without steel, of a local stack or of a settings file."""

import asyncio
import logging
from pathlib import Path
from typing import Annotated, Final

import msgspec
import typer

from edge import fleet
from edge.cli.ending import RefusedError
from edge.durable import PRIVATE
from edge.settings.loading import bank_config, load_bank, load_identity
from edge.stack import BadgeKeyEntry, BankEntry, Broker, Stack

STACK: Final = Path(".toolcrib/stack.json")
Of = Annotated[
    Path, typer.Option(exists=False, dir_okay=False, help="The local stack's stack.json: all its simulated banks.")
]
OfConfig = Annotated[Path | None, typer.Option("--config", help="Settings of one bank: its identity, another cabinet.")]
Port = Annotated[int, typer.Option(min=1_024, max=65_535, help="Where the panel listens, on 127.0.0.1.")]


def simulate(stack: Of = STACK, config: OfConfig = None, port: Port = 8_090) -> None:
    """Play banks on cabinets without steel, with a panel that plays the people in front of them."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    state = stack.parent / "edge"
    if config is not None:
        stack, state = of_settings(config)
    elif not stack.exists():
        raise RefusedError(f"there is no {stack}: `make up` makes a local stack, or give --config")
    typer.echo(f"The panel is at http://127.0.0.1:{port}/")
    asyncio.run(fleet.serve(stack, port, state))


def of_settings(config: Path) -> tuple[Path, Path]:
    """Write a stack file of one bank beside its journal, and return it with that folder.

    A simulated cabinet under a real bank's name is that bank: it has to go on with the same journal, or its reports
    would have numbers that the cloud has seen.
    """
    file = load_bank(config)
    settings = bank_config(file, load_identity(file))
    journal = settings.journal
    if journal.name != f"{settings.bank}.db":
        raise RefusedError(
            f"the journal of {settings.bank} is {journal}; to simulate it, name it {settings.bank}.db in that folder"
        )
    ((kid, key),) = list(settings.command_keys.items())[-1:]
    badge_key = settings.badge_keys[0]
    entry = BankEntry(
        thing=settings.thing,
        cert=str(settings.cert),
        key=str(settings.key),
        command_key=key.hex(),
        kid=kid,
        kiosk=settings.mode == "kiosk",
        doors=settings.doors,
        evidence=settings.evidence,
        windows=settings.windows,
    )
    written = Stack(
        mqtt=Broker(host=settings.host, port=settings.port, ca=str(settings.ca)),
        badge_key=BadgeKeyEntry(version=badge_key.version, hex=badge_key.key.hex()),
        banks={settings.bank: entry},
    )
    path = journal.with_name("simulated.json")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=PRIVATE)
    path.chmod(PRIVATE)
    path.write_bytes(msgspec.json.encode(written))
    return path, journal.parent
