"""`toolcrib watch`."""

from infra.cli.steps import console
from infra.local import live, ministack
from infra.local.home import home
from infra.local.running import running


def watch() -> None:
    """Print a line for each tap, door, loan, notice and case as it happens, until Ctrl-C."""
    there = running(home())
    console.print("[dim]Watching; Ctrl-C ends this view and nothing else.[/dim]")
    try:
        live.watch(there.home, ministack.target(there.home), there.stack["tables"]["state"], console)
    except KeyboardInterrupt:
        return
    console.print("The stack has stopped.")
