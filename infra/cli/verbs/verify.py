"""`toolcrib verify`."""

import os
from collections.abc import Mapping

import typer
from rich.markup import escape

from infra.cli.deployments import Deployment, Stack, deployment
from infra.cli.steps import console
from toolcrib.flows.verify_ledger import handle


def verify(stack: Stack = None) -> None:
    """Walk the whole record, its ledger and its anchors, and name the first thing that does not fit."""
    of = deployment(stack)
    _look_at(of)
    with console.status("Verifying ...") as status:
        verdict = handle(of.org, anchored=True, tell=lambda checked: status.update(f"Verifying {_listed(checked)} ..."))
    console.print(f"Looked at {_listed(verdict.checked) or 'nothing: there is nothing yet'}.", highlight=False)
    if verdict.fault is not None:
        console.print(f"[red]✗ {escape(str(verdict.fault))}[/red]", highlight=False, soft_wrap=True)
        raise typer.Exit(1)
    console.print("[green]✓[/green] Everything fits: one custodian each, every chain whole, every anchor in place.")


def _look_at(of: Deployment) -> None:
    """Let our own code read that deployment: it is told by the environment, as a function is."""
    known = of.outputs("foundation")
    tables = {"STATE_TABLE": known["StateTable"], "LEDGER_TABLE": known["LedgerTable"]}
    os.environ.update({**of.environment, **tables, "ANCHOR_BUCKET": known["AnchorBucket"], "TOOLCRIB_ORG": of.org})


def _listed(checked: Mapping[str, int]) -> str:
    return ", ".join(f"{count:,} {what}" for what, count in checked.items())
