"""`toolcrib-bank check`: is everything there that a bank needs?"""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Final

import typer

from edge.checks import broker, clock, devices, files, journal, updates
from edge.checks.finding import Finding, Verdict, unknown, well, wrong
from edge.cli.ending import BAD_SETTINGS, FAILED
from edge.cli.options import Config
from edge.drivers.making import cabinet_of
from edge.settings.loading import DEFAULT, bank_config, load_bank, load_identity
from edge.settings.problems import BadSettingsError
from edge.settings.schema import BankFile

SIGNS: Final = {Verdict.WELL: "✓", Verdict.WRONG: "✗", Verdict.UNKNOWN: "?"}
DEVICES_S: Final = 5.0
Offline = Annotated[bool, typer.Option("--offline", help="Leave the broker out.")]
DryRun = Annotated[bool, typer.Option("--no-devices", help="Leave the devices out.")]


def check(config: Config = DEFAULT, *, offline: Offline = False, no_devices: DryRun = False) -> None:
    """Look at settings, files, clock, journal, updates, devices and broker; status 0 when all is well, else 1 or 78."""
    try:
        file = load_bank(config)
    except BadSettingsError as error:
        typer.echo(str(error))
        raise typer.Exit(BAD_SETTINGS) from error
    shown = asyncio.run(_shown(file, config, with_broker=not offline, with_devices=not no_devices))
    if any(finding.verdict is Verdict.WRONG for finding in shown):
        raise typer.Exit(FAILED)


async def _shown(file: BankFile, config: Path, *, with_broker: bool, with_devices: bool) -> list[Finding]:
    shown = [well(str(config), "can be used")]
    _show(shown[0])
    async for finding in _found(file, with_broker=with_broker, with_devices=with_devices):
        _show(finding)
        shown.append(finding)
    return shown


async def _found(file: BankFile, *, with_broker: bool, with_devices: bool) -> AsyncIterator[Finding]:
    for finding in files.check(Path(file.files.identity), file.broker.template, datetime.now(UTC)):
        yield finding
    yield clock.check()
    yield journal.check(Path(file.files.journal))
    for finding in updates.check(file.updates):
        yield finding
    if with_devices and journal.is_held(Path(file.files.journal)):
        yield unknown("devices", "are in the hands of the running bank: its log says how they are")
    elif with_devices:
        for finding in await devices.check(cabinet_of(file), DEVICES_S):
            yield finding
    try:
        settings = bank_config(file, load_identity(file))
    except BadSettingsError as error:
        yield wrong(error.where, "; ".join(f"{each.found}: {each.instead}" for each in error.problems))
        return
    yield well(file.files.identity, "holds the keys")
    if with_broker:
        try:
            yield await broker.check(settings)
        except OSError as error:  # what it needs is missing, which was said above
            yield unknown("broker", f"not asked: {error}")


def _show(finding: Finding) -> None:
    typer.echo(f"{SIGNS[finding.verdict]} {finding.about}: {finding.text}")
