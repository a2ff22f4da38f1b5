"""The `toolcrib` command: a table of verbs, each loaded only when it is used or listed."""

from importlib import import_module
from typing import Any

import typer
from rich.markup import escape
from typer.core import TyperGroup

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


class Verbs(TyperGroup):
    """Loads verbs from `VERBS`, and shows what they refuse as one message instead of a traceback.

    Its signatures are loose because Typer carries a click of its own, which it does not export.
    """

    def list_commands(self, _: Any) -> list[str]:
        """Return the verbs in the order of a day's work."""
        return list(VERBS)

    def get_command(self, _: Any, cmd_name: str) -> Any:
        """Return one verb, None for a word that is none."""
        if cmd_name not in VERBS:
            return None
        module, _, name = VERBS[cmd_name].partition(":")
        found = getattr(import_module(module), name)
        if not isinstance(found, typer.Typer):
            single = typer.Typer(pretty_exceptions_enable=False, add_completion=False)
            single.command()(found)
            found = single
        command = typer.main.get_command(found)
        command.name = cmd_name
        return command

    def invoke(self, ctx: Any) -> Any:
        """Run the verb; refusals end with status 1."""
        try:
            return super().invoke(ctx)
        except CommandError as error:
            console.print(f"[red]{escape(str(error))}[/red]", highlight=False)
            raise typer.Exit(1) from error


app = typer.Typer(cls=Verbs, pretty_exceptions_enable=False, no_args_is_help=True, add_completion=False)


@app.callback()
def toolcrib() -> None:
    """Toolcrib: a tool library in lockers."""
