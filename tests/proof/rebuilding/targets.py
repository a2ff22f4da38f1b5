"""Fresh tables beside the workplace's own, and reading them as if they were its own."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from tests.support.dynamo import Dynamo
from tests.support.workplace import NOW, ORG
from toolcrib.domain.rebuilding.plan import Plan
from toolcrib.flows import verify_ledger
from toolcrib.flows.rebuild.survey import survey
from toolcrib.flows.rebuild.write import write
from toolcrib.flows.verify_ledger import Verdict
from toolcrib.store import rulebook
from toolcrib.store.copying import Target

TARGET = Target(state="state-2", ledger="ledger-2")


@contextmanager
def rebuilt(dynamo: Dynamo) -> Iterator[None]:
    """Let the fresh tables take the workplace's place, as an import into its stack does."""
    _exchange(dynamo)
    yield
    _exchange(dynamo)


def _exchange(dynamo: Dynamo) -> None:
    tables = dynamo.tables
    for one, other in (("state", TARGET.state), ("ledger", TARGET.ledger)):
        tables[one], tables[other] = tables[other], tables[one]
    rulebook._kept.clear()


def fresh(dynamo: Dynamo) -> Target:
    """Make the target's tables, empty."""
    made = Dynamo.from_template().tables
    dynamo.tables[TARGET.state], dynamo.tables[TARGET.ledger] = made["state"], made["ledger"]
    return TARGET


def rebuild(dynamo: Dynamo, *, target: Target | None = None) -> tuple[Plan, Mapping[str, int]]:
    """Rebuild the workplace's record into fresh tables; returns what was decided and how much was written."""
    plan = survey(ORG, NOW)
    return plan, write(ORG, plan, target or fresh(dynamo))


def verdict() -> Verdict:
    """Verify the workplace's own tables, looking once."""
    with patch.object(verify_ledger, "LOOKS", 1), patch.object(verify_ledger, "PAUSE_S", 0):
        return verify_ledger.handle(ORG, anchored=False)


def items(dynamo: Dynamo, table: str) -> dict[tuple[str, str], dict[str, Any]]:
    """Return what lies in a table."""
    return dynamo.tables[table].items
