"""`toolcrib inventory`."""

from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.markup import escape

from infra.cli.deployments import Stack, deployment
from infra.cli.errors import CommandError
from infra.cli.steps import console
from infra.cli.tables import bind
from toolcrib.domain.findings import Finding
from toolcrib.domain.healing.inventory import Inventory, Line

Site = Annotated[str, typer.Argument(metavar="SITE", help="Whose lockers are held against the record.")]
PATIENCE_S = 600.0  # nobody has to stop it after 25 seconds


def inventory(site: Site, stack: Stack = None) -> None:
    """Hold what a site's readers see against the record, thing by thing, and say what does not agree."""
    of = deployment(stack)
    known = of.outputs("foundation")
    bind(of, state=known["StateTable"], ledger=known["LedgerTable"], anchors=known["AnchorBucket"])
    from toolcrib.flows.take_inventory import take
    from toolcrib.store.rulebook import read_stamp, rule_book

    if site not in rule_book(of.org, read_stamp(of.org)).sites:
        raise CommandError(f"There is no site {site}.")
    found = take(of.org, site, now=datetime.now(UTC), time_left_s=lambda: PATIENCE_S, anew=True)
    for line in found.lines:
        console.print(escape(told(line)), soft_wrap=True, highlight=False)
    for bank in found.unheard:
        console.print(f"{escape(bank)} has not told what it sees for eleven minutes.", highlight=False)
    console.print(summed(found), highlight=False)


def told(line: Line) -> str:
    """Return one line of an inventory, as it is printed."""
    what = line.asset or f"tag {line.tag}"
    where = f" · door {line.door} of {line.bank}" if line.bank else ""
    other = f" · seen in door {line.seen_in}" if line.seen_in is not None else ""
    return f"{line.finding.replace('_', ' '):<12} {what}{where}{other}"


def summed(found: Inventory) -> str:
    """Return what an inventory came to in one line."""
    counts = {str(name): count for name, count in sorted(found.counts.items()) if name != Finding.AGREES}
    odd = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in counts.items())
    return f"{found.banks} banks: {found.agrees} agree{', ' if odd else ''}{odd}."
