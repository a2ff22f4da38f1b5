"""`toolcrib rebuild`."""

from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.markup import escape

from infra.cli.deployments import Deployment, Stack, deployment
from infra.cli.errors import CommandError
from infra.cli.steps import console, counting
from infra.cli.tables import bind, exists, let_write, make_like, need, rough_count
from infra.cli.verbs.verify import listed
from toolcrib.domain.rebuilding.plan import Plan
from toolcrib.flows.rebuild import write as writing
from toolcrib.flows.rebuild.survey import survey
from toolcrib.store.copying import Target, is_empty

Into = Annotated[str, typer.Option(metavar="NAME", help="The new tables are NAME-state and NAME-ledger.")]
State = Annotated[str | None, typer.Option(metavar="TABLE", help="Read this state table: one that was restored.")]
Ledger = Annotated[str | None, typer.Option(metavar="TABLE", help="Read this ledger: one that was restored.")]
Write = Annotated[bool, typer.Option("--write", help="Write. Without it: look, and say what would be written.")]
Resume = Annotated[bool, typer.Option("--resume", help="Go on with tables that an earlier run has begun to write.")]


def rebuild(
    into: Into,
    stack: Stack = None,
    state: State = None,
    ledger: Ledger = None,
    write: Write = False,  # noqa: FBT002 - a switch of the command line
    resume: Resume = False,  # noqa: FBT002 - another
) -> None:
    """Make the record anew from its ledger, in fresh tables; what is read is never written."""
    of = deployment(stack)
    known = of.outputs("foundation")
    state, ledger = state or known["StateTable"], ledger or known["LedgerTable"]
    target = Target(state=f"{into}-state", ledger=f"{into}-ledger")
    if {state, ledger} & {target.state, target.ledger}:
        raise CommandError(f"{target.state} and {target.ledger} would be read and written at once: name others.")
    need(of.target, state, ledger)
    bind(of, state=state, ledger=ledger, anchors=known["AnchorBucket"])
    if write:
        let_write(of)
    about = rough_count(of.target, state, ledger)
    with counting("Looking", about) as count:
        plan = survey(of.org, datetime.now(UTC), lambda looked: count(sum(looked.values()), listed(looked)))
    if write:
        _make(of, {target.state: state, target.ledger: ledger}, resume=resume)
        _write(of, plan, target, about)
    _say(plan, target, written=write)


def _make(of: Deployment, wanted: dict[str, str], *, resume: bool) -> None:
    """Make the tables that are not there; refuse one that holds something, unless told to go on with it."""
    for table, model in wanted.items():
        if not exists(of.target, table):
            make_like(of.target, model, table)
        elif not resume and not is_empty(table):
            raise CommandError(f"{table} is not empty: name other tables, or go on with these by --resume.")


def _write(of: Deployment, plan: Plan, target: Target, about: int) -> None:
    with counting("Writing", about) as count:
        done = writing.write(of.org, plan, target, lambda written: count(sum(written.values()), listed(written)))
    console.print(f"Wrote {listed(done) or 'nothing: there is nothing'}.", highlight=False)


def _say(plan: Plan, target: Target, *, written: bool) -> None:
    for note in sorted(set(plan.notes)):
        console.print(f"[yellow]·[/yellow] {escape(note)}", highlight=False, soft_wrap=True)
    doubtful = f"{len(plan.events):,} of them doubtful, with a case each" if plan.events else "none of them doubtful"
    console.print(f"{len(plan.assets):,} assets, {doubtful}.", highlight=False)
    if written:
        console.print(f"[green]✓[/green] {target.state} and {target.ledger}: verify them before anybody uses them.")
    else:
        console.print("Nothing was written: run it again with --write.")
