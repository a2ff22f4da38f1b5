"""`toolcrib redrive`."""

import typer
from rich.markup import escape

from infra.cli.dead_letters import redrive as redrive_queue
from infra.cli.deployments import Stack, deployment
from infra.cli.steps import console
from toolcrib.domain.events import instant


def redrive(stack: Stack = None) -> None:
    """Give reports that no retry could apply another chance; what is refused again stays, with the reason."""
    of = deployment(stack)
    queue = of.resource("devices", "DeadReports")
    accepted = stayed = 0
    for outcome in redrive_queue(of.target, queue):
        letter = outcome.letter
        what = f"{instant(letter.sent_at)} {letter.name or 'unknown'}"
        if outcome.reason is None:
            accepted += 1
            console.print(f"[green]✓[/green] {escape(what)} accepted", highlight=False, soft_wrap=True)
        else:
            stayed += 1
            console.print(
                f"[red]✗[/red] {escape(what)} stays: {escape(outcome.reason)}", highlight=False, soft_wrap=True
            )
    console.print(f"{accepted} accepted, {stayed} stayed." if accepted or stayed else "No report was put away.")
    if stayed:
        raise typer.Exit(1)
