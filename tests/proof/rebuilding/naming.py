"""The first fault of one asset's ledger, as verifying the whole record finds it on its way."""

from collections import Counter

from tests.proof.rebuilding.damage import Key
from tests.support.dynamo import Dynamo
from toolcrib.domain.faults import Fault
from toolcrib.flows.verify_ledger import _faults
from toolcrib.store.scan import read_again


def event_keys(dynamo: Dynamo) -> list[Key]:
    """Return the keys of every event in the ledger."""
    return sorted(key for key in dynamo.tables["ledger"].items if key[1].startswith("EVENT#"))


def named_by(event: Key) -> Fault | None:
    """Return what verifying says when it comes to the asset of an event."""
    asset = (event[0], "STATE")
    return next(_faults(asset, read_again(asset), Counter()), None)
