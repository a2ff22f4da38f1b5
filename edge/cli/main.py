"""The `toolcrib-bank` command: a table of verbs, each loaded only when it is used or listed."""

from importlib import import_module
from typing import Any, Final

import typer
from typer.core import TyperGroup

from edge.cli.ending import Ending, ended

VERBS: Final = {
    "run": "edge.cli.run:run",
    "enrol": "edge.cli.enrol:enrol",
    "check": "edge.cli.check:check",
    "doors": "edge.cli.doors:app",
    "readers": "edge.cli.readers:readers",
    "simulate": "edge.cli.simulate:simulate",
    "unit": "edge.cli.unit:unit",
}


class Verbs(TyperGroup):
    """Loads verbs from `VERBS`, and ends with a sentence and a status instead of a traceback.

    Its signatures are loose because Typer carries a click of its own, which it does not export.
    """

    def list_commands(self, _: Any) -> list[str]:
        """Return the verbs in the order of a bank's life."""
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
        """Run the verb; what is expected to go wrong is told in a sentence."""
        try:
            return super().invoke(ctx)
        except Exception as error:
            ending = ended(error)
            if not isinstance(ending, Ending):
                raise
            typer.echo(ending.text, err=True)
            raise typer.Exit(ending.status) from error


app = typer.Typer(cls=Verbs, pretty_exceptions_enable=False, no_args_is_help=True, add_completion=False)


@app.callback()
def toolcrib_bank() -> None:
    """The controller of a Toolcrib locker bank."""
