"""Cases."""

from toolcrib.domain.cases import Case
from toolcrib.store import keys
from toolcrib.store.items import CaseItem
from toolcrib.store.mapping import to_case
from toolcrib.store.reads import find, load


def load_case(org: str, case_id: str) -> Case:
    """Return a case; raises `NotFound`."""
    return to_case(load(CaseItem, keys.case(org, case_id), "case"))


def find_case(org: str, case_id: str) -> Case | None:
    """Return a case, or None."""
    item = find(CaseItem, keys.case(org, case_id))
    return None if item is None else to_case(item)
