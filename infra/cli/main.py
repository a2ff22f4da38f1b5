"""The `toolcrib` command: one verb, one function."""

from typing import Annotated, Any

import click
import typer
from typer.core import TyperGroup

from infra.cli.errors import CommandError
from infra.cli.steps import console
from infra.local import ministack, users
from infra.local.home import home
from infra.local.up import down as stop_local
from infra.local.up import up as start_local

class Verbs(TyperGroup):
    """Shows what the command refuses as one message instead of a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the verb; refusals end with status 1."""
        try:
            return super().invoke(ctx)
        except CommandError as error:
            console.print(f"[red]{error}[/red]", highlight=False)
            raise typer.Exit(1) from error


app = typer.Typer(cls=Verbs, pretty_exceptions_enable=False, no_args_is_help=True, help="Toolcrib: a tool library in lockers.")


@app.command()
def up(
    *,
    detach: Annotated[bool, typer.Option(help="Return when ready.")] = False,
    empty: Annotated[bool, typer.Option(help="Start without data and without the sample workplace.")] = False,
    port: Annotated[int | None, typer.Option(envvar="TOOLCRIB_PORT", help="Of AWS and the API.")] = None,
    mqtt_port: Annotated[int | None, typer.Option(envvar="TOOLCRIB_MQTT_PORT", help="Of banks.")] = None,
) -> None:
    """Run the whole product on this machine."""
    stack = start_local(home(), port=port, mqtt_port=mqtt_port, empty=empty)
    console.print(f"API {stack['api']}/v1")


@app.command()
def down() -> None:
    """Stop everything that `up` started."""
    stopped = stop_local(home())
    console.print(f"Stopped: {', '.join(stopped)}" if stopped else "Nothing was running.")


@app.command()
def token(role: Annotated[str, typer.Option(help="admin, supervisor, auditor or self")] = "admin") -> None:
    """Print a bearer token of a sample user."""
    stack = home().read("stack.json")
    tokens = users.sign_in(ministack.target(home()), stack["client_id"], stack["users"][role])
    print(tokens["AccessToken"])  # noqa: T201 - for scripts: nothing but the token
