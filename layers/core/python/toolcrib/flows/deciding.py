"""What device flows share: committing with the alerts that a new case calls for."""

from toolcrib.domain.alerts import with_alerts
from toolcrib.domain.change import Change
from toolcrib.domain.refusals import LostRace
from toolcrib.store.cases import find_case
from toolcrib.store.commit import commit
from toolcrib.store.rulebook import book_with_site


def commit_and_alert(org: str, change: Change) -> None:
    """Commit a change together with the notices that its new cases and requests call for; raises `LostRace`."""
    of_cases = [case.site for case in change.cases if case.site is not None]
    sites = [*of_cases, *(request.site for request in change.authorisations)]
    commit(org, with_alerts(change, book_with_site(org, *sites)) if sites else change)


def commit_once(org: str, change: Change) -> None:
    """Commit a change that only opens what its cause opens; a repeat of the cause finds it there and is content."""
    try:
        commit_and_alert(org, change)
    except LostRace:
        return


def commit_report(org: str, change: Change) -> bool:
    """Commit what a report comes to; False where what it opens is open already: it was heard before, however long ago.

    Raises `LostRace` where the record moved on meanwhile.
    """
    try:
        commit_and_alert(org, change)
    except LostRace:
        if any(case.version == 1 and find_case(org, case.id) is not None for case in change.cases):
            return False
        raise
    return True
