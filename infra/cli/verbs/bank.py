"""`toolcrib bank`: add, list, simulate, revoke."""

import secrets
from datetime import datetime
from typing import Annotated

import typer
from rich.box import SIMPLE_HEAD
from rich.table import Column, Table

from edge.config import MAX_DOORS, Evidence, Mode
from infra.cli.steps import console
from infra.local import banks, programs
from infra.local.api import part
from infra.local.home import home
from infra.local.panel import Panel
from infra.local.running import running

app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, add_completion=False)

Name = Annotated[str, typer.Argument(metavar="BANK", help="Its id, such as hq-01.")]
Site = Annotated[str, typer.Option(help="The site it stands at.")]
Doors = Annotated[int, typer.Option(min=1, max=MAX_DOORS, help="How many doors it has.")]


@app.callback()
def bank() -> None:
    """Make, list, simulate and revoke banks."""


@app.command()
def add(
    name: Name,
    *,
    site: Site,
    doors: Doors,
    evidence: Annotated[Evidence, typer.Option(help="What its sensors can prove.")],
    mode: Annotated[Mode, typer.Option(help="kiosk has a screen, express has not.")],
    simulate: Annotated[bool, typer.Option(help="Play it here, or leave it to your own MQTT client.")] = True,
) -> None:
    """Make a bank and enrol it: certificate and keys go to this stack's folder and into stack.json."""
    there = running(home())
    cabinet = banks.Cabinet(id=name, site=site, doors=doors, evidence=evidence.value, mode=mode.value)
    api = there.api()
    banks.create(api, cabinet)
    entry = banks.enrol(there.home, api, cabinet)
    if simulate:
        programs.start_fleet(there.home)
        banks.play(there.home, Panel(there.home), name, banks.contents(api, name))
    console.print(f"{entry['thing']} is enrolled{' and simulated' if simulate else ''}.")
    console.print(f"certificate {entry['cert']}\nkey         {entry['key']}", highlight=False, soft_wrap=True)


@app.command("list")
def list_() -> None:
    """List the banks of the org, what software they run, and which of them are simulated here."""
    there = running(home())
    names = ("site", "doors", "evidence, mode", "state", "last seen", "software", "here")
    columns = (Column(name, overflow="fold") for name in names)  # a narrow terminal wraps them, it cuts none short
    table = Table(Column("bank", no_wrap=True), *columns, box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    simulated = Panel(there.home).banks()
    for each in there.api().all("/banks"):
        here = simulated.get(each["id"])
        played = "" if here is None else "connected" if here["ready"] else "not connected"
        known = there.home.read("stack.json")["banks"].get(each["id"])
        table.add_row(
            each["id"],
            each["site"],
            str(each["doors"]),
            f"{each['evidence']}, {each['mode']}",
            each["state"],
            _minute(each["last_seen_at"]),
            each["firmware"] or "",
            played or ("enrolled" if known else ""),
        )
    console.print(table)


def _minute(seen: str | None) -> str:
    return "never" if seen is None else f"{datetime.fromisoformat(seen):%Y-%m-%d %H:%MZ}"


@app.command()
def simulate(name: Name) -> None:
    """Play a bank that was added with --no-simulate: its own controller in a cabinet without steel."""
    there = running(home())
    banks.known(there.home, name)
    programs.start_fleet(there.home)
    banks.play(there.home, Panel(there.home), name, banks.contents(there.api(), name))
    console.print(f"{name} is simulated.")


@app.command()
def revoke(name: Name) -> None:
    """End a bank's enrolment: within seconds nothing it says has an effect."""
    there = running(home())
    there.api().delete(f"/banks/{part(name)}/enrolment", key=f"revoke-{secrets.token_hex(16)}")
    console.print(f"{name} is revoked. To use it again, enrol it anew: toolcrib bank add {name} ...")
