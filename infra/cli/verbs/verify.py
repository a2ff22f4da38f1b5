"""`toolcrib verify`."""

from collections.abc import Mapping
from typing import Annotated

import typer
from rich.markup import escape

from infra.cli.deployments import Stack, deployment
from infra.cli.steps import console, counting
from infra.cli.tables import bind, need, rough_count
from toolcrib.flows.verify_ledger import handle

State = Annotated[str | None, typer.Option(metavar="TABLE", help="Another state table than the deployment's.")]
Ledger = Annotated[str | None, typer.Option(metavar="TABLE", help="Another ledger than the deployment's.")]


def verify(stack: Stack = None, state: State = None, ledger: Ledger = None) -> None:
    """Walk the whole record, its ledger and its anchors, and name the first thing that does not fit."""
    of = deployment(stack)
    known = of.outputs("foundation")
    state, ledger = state or known["StateTable"], ledger or known["LedgerTable"]
    need(of.target, state, ledger)
    bind(of, state=state, ledger=ledger, anchors=known["AnchorBucket"])
    with counting("Verifying", rough_count(of.target, state, ledger)) as count:
        verdict = handle(of.org, anchored=True, tell=lambda checked: count(sum(checked.values()), listed(checked)))
    console.print(f"Looked at {listed(verdict.checked) or 'nothing: there is nothing yet'}.", highlight=False)
    if verdict.fault is not None:
        console.print(f"[red]✗ {escape(str(verdict.fault))}[/red]", highlight=False, soft_wrap=True)
        console.print(escape(verdict.fault.advice), highlight=False, soft_wrap=True)
        raise typer.Exit(1)
    console.print("[green]✓[/green] Everything fits: one custodian each, every chain whole, every anchor in place.")


def listed(counted: Mapping[str, int]) -> str:
    """Return how much of what, in words."""
    return ", ".join(f"{count:,} {what}" for what, count in counted.items())
