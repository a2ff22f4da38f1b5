"""Cases."""

from datetime import datetime

from toolcrib.domain.cases import Case
from toolcrib.store import keys
from toolcrib.store.edits import edit
from toolcrib.store.items import CaseItem
from toolcrib.store.mapping import case_item, to_case
from toolcrib.store.reads import find, load


def load_case(org: str, case_id: str) -> Case:
    """Return a case; raises `NotFound`."""
    return to_case(load(CaseItem, keys.case(org, case_id), "case"))


def find_case(org: str, case_id: str) -> Case | None:
    """Return a case, or None."""
    item = find(CaseItem, keys.case(org, case_id))
    return None if item is None else to_case(item)


def save_case(org: str, op: str, at: datetime, case: Case) -> None:
    """Write a case that an admin edited over the version before it; raises `LostRace`."""
    edit(org, op, at, lambda write: write.save(case_item(org, case), condition=CaseItem.version == case.version - 1))
