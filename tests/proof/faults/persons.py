"""Scenes of what is said of a person: terms they accept, accounts they borrow for, things that exclude each other."""

from tests.proof.faults.asks import Ask
from tests.proof.faults.stage import Stage
from tests.support.http import Client, enter
from tests.support.outcomes import stage
from tests.support.pairs import lockout
from tests.support.workplace import OTHER_TOKEN, bank, drill, person, put_asset, put_terms, rules

TEXT = "Bring it back clean."


def accept_terms_from_afar(at: Stage) -> Ask:
    (sha256,) = _has_terms(at)
    return Ask("POST", "/people/p-1/acceptances", {"terms": "house", "sha256": sha256}, subject="ana")


def accept_other_words(at: Stage) -> Ask:
    _has_terms(at)
    return Ask("POST", "/people/p-1/acceptances", {"terms": "house", "sha256": "0" * 64}, subject="ana")


def what_somebody_accepted(at: Stage) -> Ask:
    accepting = accept_terms_from_afar(at)
    assert Client("ana", at=at.here.now).post(accepting.path, accepting.body).status == 201
    return Ask("GET", "/people/p-1/acceptances", subject="ana")


def let_borrow_for_a_team(at: Stage) -> Ask:
    return _borrowing(at, site="hq")


def let_borrow_for_a_team_of_another_site(at: Stage) -> Ask:
    return _borrowing(at, site="dock")


def take_out_of_a_team_that_has_something(at: Stage) -> Ask:
    """What the team has may be brought back by whoever has left it."""
    enter("admin", "admin")
    hq = stage(at.here)
    at.here.meet(person(9, name="Night shift"), OTHER_TOKEN)
    at.here.change_person(person(borrows_for=("p-9",)))
    hq.does(hq.tap(OTHER_TOKEN), "closed", tags=[])
    return Ask("PATCH", "/people/p-1", {"borrows_for": []}, {"If-Match": "*"})


def pair_two_things(at: Stage) -> Ask:
    _has_two(at)
    return Ask("POST", "/pairs", {"kind": "lockout", "assets": ["drill-1", "drill-3"]})


def pair_with_what_is_not_there(at: Stage) -> Ask:
    _has_two(at)
    return Ask("POST", "/pairs", {"kind": "lockout", "assets": ["drill-1", "drill-99"]})


def dry_run_of_a_pair_in_two_banks(at: Stage) -> Ask:
    _has_two(at)
    rules(lockout("drill-1", "drill-2", "drill-3"))
    at.here.place(bank(id="hq-02"), stowed={1: drill(2)})
    return Ask("POST", "/policies/dry-run", {"person": "p-1", "bank": "hq-01", "asset": "drill-1"})


def dry_run_for_a_team(at: Stage) -> Ask:
    enter("admin", "admin")
    stage(at.here)
    at.here.meet(person(9, name="Night shift"))
    at.here.change_person(person(borrows_for=("p-9",)))
    return Ask("POST", "/policies/dry-run", {"person": "p-1", "borrower": "p-9", "bank": "hq-01", "type": "drill"})


OVER_HTTP = (
    accept_terms_from_afar,
    accept_other_words,
    what_somebody_accepted,
    let_borrow_for_a_team,
    let_borrow_for_a_team_of_another_site,
    take_out_of_a_team_that_has_something,
    pair_two_things,
    pair_with_what_is_not_there,
    dry_run_of_a_pair_in_two_banks,
    dry_run_for_a_team,
)


def _has_terms(at: Stage) -> list[str]:
    stage(at.here)
    enter("ana", "self", person="p-1")
    return list(put_terms({"en": TEXT}).digests.values())


def _borrowing(at: Stage, site: str) -> Ask:
    stage(at.here)
    at.here.meet(person(9, name="Night shift", site=site))
    enter("tom", "supervisor", person="p-2", sites=("hq",))
    return Ask("PATCH", "/people/p-1", {"borrows_for": ["p-9"]}, {"If-Match": "*"}, subject="tom")


def _has_two(at: Stage) -> None:
    enter("admin", "admin")
    stage(at.here)
    put_asset(drill(3))
