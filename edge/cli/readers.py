"""`toolcrib-bank readers`: what a tapped card is, for entering it into the record."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from edge.badges import is_canonical
from edge.checks import journal
from edge.cli.ending import RefusedError
from edge.cli.options import Config
from edge.config import BadgeKey
from edge.drivers.base import BadgeRead
from edge.drivers.cabinet import CabinetDriver
from edge.drivers.making import part_of
from edge.drivers.wiring import Wiring
from edge.settings.devices import KeyboardReader
from edge.settings.loading import DEFAULT, badge_keys, load_bank, load_identity
from edge.settings.problems import BadSettingsError
from edge.settings.schema import BankFile
from edge.tokens import badge_tokens

Number = Annotated[bool, typer.Option("--number", help="Show card numbers, too: they are personal, and can be copied.")]
Taps = Annotated[int, typer.Option(min=0, help="End after so many cards; 0 goes on until Ctrl-C.")]


def readers(config: Config = DEFAULT, *, number: Number = False, taps: Taps = 0) -> None:
    """Show each tapped card's length and token. The running bank has to be stopped first."""
    file = load_bank(config)
    if journal.is_held(Path(file.files.journal)):
        raise RefusedError("the bank runs and has the readers: sudo systemctl stop toolcrib-bank")
    found = {name: device for name, device in file.devices.items() if isinstance(device, KeyboardReader)}
    if not found:
        raise RefusedError(f"{config} names no badge reader: see docs/hardware.md")
    for name, device in found.items():
        typer.echo(f"{name}: profile {device.profile}, {device.input}")
    asyncio.run(_show(file, _keys(file), number=number, taps=taps))


async def _show(file: BankFile, keys: tuple[BadgeKey, ...], *, number: bool, taps: int) -> None:
    wiring = Wiring(doors={})
    parts = {
        name: part_of(name, device, wiring)
        for name, device in file.devices.items()
        if isinstance(device, KeyboardReader)
    }
    cabinet = CabinetDriver(wiring, parts)
    running = asyncio.create_task(cabinet.run())
    try:
        shown = 0
        async for event in cabinet.events():
            if isinstance(event, BadgeRead):
                typer.echo(described(event.uid, keys, number=number))
                shown += 1
            if shown and shown == taps:
                return
    finally:
        running.cancel()
        await asyncio.wait([running])


def described(uid: str, keys: tuple[BadgeKey, ...], *, number: bool) -> str:
    """Return a line about a card: its length, its token, and its number only where that was asked for."""
    if not is_canonical(uid):
        return "a card that does not fit the profile: check profile, base and digits_bytes"
    tokens = badge_tokens(uid, keys) if keys else ["no token: this board is not enrolled"]
    shown = f", number {uid} (format hex)" if number else ""
    return f"a card of {len(uid) // 2} bytes, {' '.join(tokens)}{shown}"


def _keys(file: BankFile) -> tuple[BadgeKey, ...]:
    try:
        return badge_keys(load_identity(file))
    except BadSettingsError:  # cards can be looked at before the bank is enrolled
        return ()
