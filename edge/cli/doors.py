"""`toolcrib-bank doors`: what the doors say, and whether the locks work, while the bank does not run."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated, Final

import typer

from edge.checks import journal as journal_check
from edge.checks.devices import check as check_devices
from edge.cli.ending import FAILED, RefusedError
from edge.cli.options import Config
from edge.clock import system_clock
from edge.drivers.base import AlarmRaised, DoorMoved, HealthChanged
from edge.drivers.cabinet import CabinetDriver
from edge.drivers.making import cabinet_of
from edge.journal import Journal
from edge.service.lock_trial import Trial, forced_report, try_lock
from edge.settings.loading import DEFAULT, load_bank
from edge.settings.schema import BankFile

READY_S: Final = 5.0
TOLD: Final = {
    Trial.WORKS: "opened and closed again: the lock and its sensor work.",
    Trial.NEVER_OPENED: "did not open within 15 s: look at the lock's wires, its supply and its address.",
    Trial.STILL_OPEN: "is still open after 60 s: close it; or its sensor is inverted.",
    Trial.WAS_OPEN: "is open already: close it first; or its sensor is inverted.",
}
app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, add_completion=False)
Number = Annotated[int, typer.Argument(metavar="DOOR", min=1, help="The door's number.")]


@app.callback()
def doors() -> None:
    """Look at the doors, and test their locks. The running bank has to be stopped first."""


@app.command("list")
def list_(config: Config = DEFAULT) -> None:
    """Say how every device and every door is."""
    file = _stopped(config)
    for finding in asyncio.run(check_devices(cabinet_of(file), READY_S)):
        typer.echo(f"{finding.about}: {finding.text}")


@app.command()
def watch(config: Config = DEFAULT) -> None:
    """Say what moves, until Ctrl-C: open and close each door to see that its number is the right one."""
    asyncio.run(_watch(_stopped(config)))


@app.command("test")
def try_(door: Number, config: Config = DEFAULT) -> None:
    """Open a door without anybody's right, to test its lock: recorded as forced before the lock moves."""
    file = _stopped(config)
    if str(door) not in file.doors:
        raise RefusedError(f"there is no door {door}: {config} names {', '.join(file.doors)}")
    typer.echo(
        f"Door {door} will open without anybody's right. The bank will report it as forced: there will be a case, and "
        "what the record says about this door will be unconfirmed until somebody looks inside."
    )
    if typer.prompt(f"Type 'open {door}' to go on") != f"open {door}":
        raise RefusedError("nothing was opened")
    trial = asyncio.run(_tried(file, door))
    typer.echo(f"Door {door} {TOLD[trial]}")
    if trial is not Trial.WORKS:
        raise typer.Exit(FAILED)


def _stopped(config: Path) -> BankFile:
    file = load_bank(config)
    if journal_check.is_held(Path(file.files.journal)):
        raise RefusedError("the bank runs and has the devices: sudo systemctl stop toolcrib-bank")
    return file


async def _watch(file: BankFile) -> None:
    async with _running(cabinet_of(file)) as cabinet:
        typer.echo("Watching. Ctrl-C ends it.")
        async for event in cabinet.events():
            match event:
                case DoorMoved(door=door, is_open=is_open):
                    typer.echo(f"door {door} {'opens' if is_open else 'closes'}")
                case AlarmRaised(kind=kind):
                    typer.echo(f"alarm: {kind}")
                case HealthChanged():
                    silent = [f"{name}: {why}" for name, why in cabinet.health().items() if why is not None]
                    typer.echo("; ".join(silent) or "every device answers")


async def _tried(file: BankFile, door: int) -> Trial:
    journal = Journal.open(Path(file.files.journal))
    try:
        async with _running(cabinet_of(file)) as cabinet:
            return await try_lock(
                cabinet, door, lambda: journal.append([forced_report(door, system_clock())], door=(door, True))
            )
    finally:
        journal.close()


@asynccontextmanager
async def _running(cabinet: CabinetDriver) -> AsyncIterator[CabinetDriver]:
    running = asyncio.create_task(cabinet.run())
    try:
        for name in await cabinet.ready(READY_S):
            typer.echo(f"{name}: {cabinet.health()[name]}")
        yield cabinet
    finally:
        running.cancel()
        await asyncio.wait([running])
