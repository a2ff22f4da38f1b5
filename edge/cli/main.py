"""The `toolcrib-bank` command: a table of verbs, each loaded only when it is used or listed."""

from typing import Any, Final

import typer

from edge.cli import verbs
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


class Verbs(verbs.Verbs):
    """Ends with a sentence and a status instead of a traceback; in the order of a bank's life."""

    table = VERBS

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


app = verbs.command(Verbs)


@app.callback()
def toolcrib_bank() -> None:
    """The controller of a Toolcrib locker bank."""
