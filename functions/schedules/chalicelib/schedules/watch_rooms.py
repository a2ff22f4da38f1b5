"""After the banks were looked after: is there room at each site for what is due back soon?"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime

from toolcrib.domain.change import Change
from toolcrib.domain.doors import Bank
from toolcrib.domain.policies import Site
from toolcrib.domain.shortage import AHEAD, BEHIND, case_id, look, places
from toolcrib.flows.deciding import commit_once
from toolcrib.store.cases import find_case
from toolcrib.store.loans import sites_of_due


def handle(org: str, banks: Iterable[Bank], sites: Mapping[str, Site], *, now: datetime) -> int:
    """Open a case for each site with too few free places, and answer those with room again; returns how many changed.

    What is due is counted from a list, for people to be warned by: no door waits for it.
    """
    by_site: defaultdict[str, list[Bank]] = defaultdict(list)
    for bank in banks:
        by_site[bank.site].append(bank)
    due = Counter(sites_of_due(org, now - BEHIND, now + AHEAD))
    changed = 0
    for site in (sites[name] for name in sorted(by_site) if name in sites):
        today = find_case(org, case_id(site, now))
        case = look(site, due=due[site.id], free=places(by_site[site.id]), today=today, now=now)
        if case is not None:
            commit_once(org, Change(op=f"{case.id}.{case.version}", at=now, cases=(case,)))
            changed += 1
    return changed
