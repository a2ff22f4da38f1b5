"""The `toolcrib` command: one verb, one function."""

from typing import Annotated

import typer

from infra.cli.steps import console
from infra.local import ministack, users
from infra.local.home import home
from infra.local.up import down as stop_local
from infra.local.up import up as start_local

app = typer.Typer(no_args_is_help=True, help="Toolcrib: a tool library in lockers.")


@app.command()
def up(
    *,
    detach: Annotated[bool, typer.Option(help="Return when ready.")] = False,
    empty: Annotated[bool, typer.Option(help="Start without data and without the sample workplace.")] = False,
    port: Annotated[int, typer.Option(envvar="TOOLCRIB_PORT")] = 4566,
    mqtt_port: Annotated[int, typer.Option(envvar="TOOLCRIB_MQTT_PORT")] = 8883,
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
