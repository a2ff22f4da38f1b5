"""`toolcrib up`."""

import signal
from typing import Annotated, Any

import typer

from infra.cli.steps import console
from infra.cli.words import command
from infra.local import live, ministack, programs
from infra.local.home import Home, home
from infra.local.running import Running
from infra.local.up import facts
from infra.local.up import up as start

SAMPLE_BADGE = "04A2246B1F9080"  # lena.hoffmann's
LONG_AFTER = "2030-01-01T00:00:00Z"


def up(
    *,
    detach: Annotated[bool, typer.Option(help="Return when ready.")] = False,
    empty: Annotated[bool, typer.Option(help="Start without data and without the sample workplace.")] = False,
    port: Annotated[int | None, typer.Option(envvar="TOOLCRIB_PORT", help="Of AWS and the API.")] = None,
    mqtt_port: Annotated[int | None, typer.Option(envvar="TOOLCRIB_MQTT_PORT", help="Of banks.")] = None,
) -> None:
    """Run the whole product on this machine: in the foreground until Ctrl-C, or with --detach in the background."""
    signal.signal(signal.SIGTERM, _interrupt)
    here = home()
    try:
        there = start(here, port=port, mqtt_port=mqtt_port, empty=empty)
        _summarise(there, detach=detach)
        if detach:
            return
        live.watch(here, ministack.target(here), there.stack["tables"]["state"], console)
    except KeyboardInterrupt:
        console.print()
    _stop(here)


def _stop(here: Home) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a second Ctrl-C would leave half of it running
    with console.status("Stopping ..."):
        programs.stop_all(here)
    console.print("Stopped; the data stays for the next time.")


def _interrupt(*_: Any) -> None:
    raise KeyboardInterrupt


def _summarise(there: Running, *, detach: bool) -> None:
    """Print where to look and what to try; every line can be copied as a whole."""
    console.rule("[bold]Toolcrib runs", align="left")
    lines = facts(there)
    if there.home.read("stack.json")["badges"]:
        lines["Tap"] = f"{command()} tap hq-01 {SAMPLE_BADGE}  [dim]# again brings it back; hq-02 too"
        lines["Overdue"] = f"{command()} sweep --at {LONG_AFTER}"
    lines["Token"] = f"{command()} token --role admin"
    lines["Stop"] = f"{command()} down" if detach else "Ctrl-C"
    for name, value in lines.items():
        console.print(f"[bold]{name:<9}[/bold]{value}", soft_wrap=True, highlight=False)
    console.rule()
