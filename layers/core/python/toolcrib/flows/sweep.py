"""The one sweeper: every minute it drains the agenda (grants, ladder steps, notices, what ends, imports that lie).

A pure function of (now, record): run twice, overlapping or after an outage it comes to the same (safety.md, threat 21).
"""

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime

from toolcrib.domain.aging import aged
from toolcrib.domain.agreeing import expire
from toolcrib.domain.assets import AssetType
from toolcrib.domain.change import Change
from toolcrib.domain.doors import REPORT_DEADLINE
from toolcrib.domain.evidence import Evidence
from toolcrib.domain.gathering import held
from toolcrib.domain.ladder import lost_from
from toolcrib.domain.loans import Loan, LoanState
from toolcrib.domain.notices import Notice
from toolcrib.domain.record import replace
from toolcrib.domain.refusals import LostRace, NotFound
from toolcrib.domain.reminders import notices_due
from toolcrib.domain.reports.scene import Outcome, Report
from toolcrib.domain.reports.settle import settle
from toolcrib.flows.apart import apart
from toolcrib.flows.deciding import commit_and_alert
from toolcrib.flows.excuse_loans import excuse
from toolcrib.flows.gather import NO_NEWS, Gathering
from toolcrib.flows.roster_import import carry_on
from toolcrib.flows.tell_endings import tell
from toolcrib.store import keys
from toolcrib.store.agenda import due
from toolcrib.store.authorisations import load_authorisation
from toolcrib.store.banks import load_bank_only
from toolcrib.store.commit import commit
from toolcrib.store.loans import load_loan
from toolcrib.store.people import load_person
from toolcrib.store.reads import Key
from toolcrib.store.rulebook import book_with_site
from toolcrib.store.scenes import find_door_and_loan, load_scene
from toolcrib.store.standings import load_standing
from toolcrib.telemetry import count, record

MOST_ROUNDS = 40  # looks at one loan in one run; a ladder that has more to say goes on in the next run


def handle(*, now: datetime, time_left_s: Callable[[], float]) -> dict[str, int]:
    """Drain what is due at `now`; returns how much of what was done. Stops in good time; the next run goes on.

    One item that fails does not hold up its neighbours: it is counted, logged, and stays on the agenda, ever later.
    """
    done: Counter[str] = Counter()
    gathering = Gathering(now)
    for key in due(keys.moment(now)):
        if time_left_s() < LEAST_TIME_S:
            done["left_for_next_run"] += 1
            break
        done[_one(key, now, gathering)] += 1
    for org, act in gathering.acts():
        outcome = apart(org, "notice", act, key=None, now=now)
        done[outcome] += outcome not in NO_NEWS
    for what, times in done.items():
        count("Swept", times, what=what)
    record("sweep", org="*", outcome=", ".join(f"{what} {times}" for what, times in sorted(done.items())) or "nothing")
    return {what: times for what, times in done.items() if times}


LEAST_TIME_S = 5.0


def _one(key: Key, now: datetime, gathering: Gathering) -> str:
    kind = key[1].split("#", 1)[0]
    org, thing = keys.org_of(key[0]), key[0].rsplit("#", 1)[1]
    if kind == "NOTICE":
        return apart(org, kind, lambda: gathering.look(org, thing), key=key, now=now)
    if kind == "LOAN":
        return apart(org, kind, lambda: _loan(org, thing, now, gathering), key=key, now=now)
    return apart(org, kind, lambda: _HANDLERS[kind](org, thing, key, now), key=key, now=now)


def _door(org: str, bank_id: str, key: Key, now: datetime) -> str:
    """Ten minutes and no report: nobody knows how it ended (design.md, *Ten minutes without any of these*)."""
    number = int(key[1].split("#", 1)[1])
    door, _ = find_door_and_loan(org, bank_id, number, None)
    grant = door.grant if door is not None else None
    if door is None or grant is None or not grant.live or now < grant.authorised_at + REPORT_DEADLINE:
        return "grant_settled_already"
    door, loan = find_door_and_loan(org, bank_id, number, grant.id)
    if door is None or door.grant != grant:
        raise LostRace(detail="the door is in use again")
    report = Report(
        op=f"{grant.id}.deadline", at=now, outcome=Outcome.UNRESOLVED, grant=grant.id, evidence=Evidence.DECLARED
    )
    site = load_bank_only(org, bank_id).site
    settlement = settle(load_scene(org, report, door, loan, site, book_with_site(org, site)))
    if settlement.change is not None:
        commit_and_alert(org, settlement.change)
    return "grant_unresolved"


def _loan(org: str, loan_id: str, now: datetime, gathering: Gathering) -> str:
    """A rung of the ladder is due: its notices are written, the loan's cursor moves, in one transaction a round."""
    loan = excuse(org, load_loan(org, loan_id), now)
    lost = lost_from(loan)
    if lost is not None and lost <= now:
        _age(org, loan, now)
        return "loan_given_up_as_lost"
    for _ in range(MOST_ROUNDS):
        if loan.state is not LoanState.OPEN or loan.next_step is None or loan.next_step > now:
            break
        loan, notices = _climb(org, loan, now)
        gathering.add(org, notices)
    return "loan_reminded"


def _climb(org: str, loan: Loan, now: datetime) -> tuple[Loan, tuple[Notice, ...]]:
    book = book_with_site(org, loan.site)
    kind = book.types.get(loan.type) or AssetType(id=loan.type, name=loan.type, category="")
    site = book.sites.get(loan.site)
    if site is None:
        raise NotFound(detail=f"loan {loan.id} is of a site that is not there")
    round_ = notices_due(loan, now, holder=load_person(org, loan.person), site=site, asset_type=kind)
    climbed = replace(round_.loan, version=loan.version + 1)
    notices = tuple(held(each, now) for each in round_.notices)
    commit(org, Change(op=f"{loan.id}.{now.isoformat()}", at=now, loans=(climbed,), notices=notices))
    return climbed, notices


def _age(org: str, loan: Loan, now: datetime) -> None:
    kind = book_with_site(org, loan.site).types.get(loan.type)
    commit_and_alert(org, aged(load_standing(org, loan.asset), loan, now, kind))


def _authorisation(org: str, request: str, _key: Key, now: datetime) -> str:
    """Nobody answered in time, or what was approved was not used: that is noted (rules.md, row 13)."""
    change = expire(load_authorisation(org, request), now)
    if change is None:
        return "authorisation_settled_already"
    commit(org, change)
    return "authorisation_expired"


def _import(org: str, import_id: str, _key: Key, now: datetime) -> str:
    return f"import_{carry_on(org, import_id, now).state}"


def _profile(org: str, person: str, _key: Key, now: datetime) -> str:
    return tell(org, person, now)


_HANDLERS: Mapping[str, Callable[[str, str, Key, datetime], str]] = {
    "DOOR": _door,
    "AUTHORISATION": _authorisation,
    "IMPORT": _import,
    "PROFILE": _profile,
}
