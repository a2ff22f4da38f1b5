"""The `toolcrib` command: a table of verbs, each loaded only when it is used or listed."""

from typing import Any

import typer
from rich.markup import escape

from edge.cli import verbs
from infra.cli.errors import CommandError
from infra.cli.steps import console

VERBS = {
    "up": "infra.cli.verbs.up:up",
    "down": "infra.cli.verbs.down:down",
    "token": "infra.cli.verbs.token:token",
    "tap": "infra.cli.verbs.tap:tap",
    "bank": "infra.cli.verbs.bank:app",
    "sweep": "infra.cli.verbs.sweep:sweep",
    "watch": "infra.cli.verbs.watch:watch",
    "notices": "infra.cli.verbs.notices:app",
    "inventory": "infra.cli.verbs.inventory:inventory",
    "verify": "infra.cli.verbs.verify:verify",
    "rebuild": "infra.cli.verbs.rebuild:rebuild",
    "redrive": "infra.cli.verbs.redrive:redrive",
    "update": "infra.cli.verbs.update:app",
    "deploy": "infra.cli.verbs.deploy:deploy",
}


class Verbs(verbs.Verbs):
    """Shows what a verb refuses as one message instead of a traceback; in the order of a day's work."""

    table = VERBS

    def invoke(self, ctx: Any) -> Any:
        """Run the verb; refusals end with status 1."""
        try:
            return super().invoke(ctx)
        except CommandError as error:
            console.print(f"[red]{escape(str(error))}[/red]", highlight=False)
            raise typer.Exit(1) from error


app = verbs.command(Verbs)


@app.callback()
def toolcrib() -> None:
    """Toolcrib: a tool library in lockers."""
