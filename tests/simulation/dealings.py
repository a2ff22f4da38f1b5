"""What people do about loans and cases over HTTP: keep longer, call back, hand over, agree, claim, dispute, resolve."""

from collections.abc import Callable, Mapping
from functools import partial
from http import HTTPStatus
from random import Random
from typing import TYPE_CHECKING, Final

from tests.simulation import rules, workplace
from tests.simulation.plan import Act
from tests.support.http import Reply
from toolcrib.domain.cases import CaseKind
from toolcrib.domain.loans import Loan

if TYPE_CHECKING:
    from tests.simulation.simulation import Simulation

MOVES: Final = ("found", "declare_missing", "declare_lost", "send_to_repair", "stow", None)
FITTING: Final[Mapping[CaseKind, tuple[str, ...]]] = {
    CaseKind.CLAIMED_RETURNED: ("still_out", "still_out", "stow", "found"),
    CaseKind.LOST: ("retire", "found"),
    CaseKind.FAULT: ("send_to_repair", "retire"),
}
"""What is stated with a resolution, mostly as its kind of case suggests."""
OWN: Final = 0.7  # how often somebody asks themself what an admin could ask for them


def _by(loan: Loan, chance: Random) -> str:
    """Return who asks: its holder, where that is somebody with a name, or an admin."""
    return loan.person if loan.person in workplace.UIDS and chance.random() < OWN else "admin"


def _renew(here: "Simulation", _: Act, chance: Random) -> None:
    loan = here.checks.some_loan(chance)
    if loan is not None:
        here.admins.ask("POST", f"/loans/{loan.id}/renew", by=_by(loan, chance))


def _recall(here: "Simulation", _: Act, chance: Random) -> None:
    loan = here.checks.some_loan(chance)
    if loan is not None:
        who = chance.choice(("admin", workplace.OVERRIDER))
        here.admins.ask("POST", f"/loans/{loan.id}/recall", {"reason": "The audit"}, by=who)


def _hand_over(here: "Simulation", act: Act, chance: Random) -> None:
    """A holder asks somebody to take a thing over; they accept, or somebody thinks again."""
    loan = here.checks.some_loan(chance)
    if loan is None:
        return
    path, other, accepts = f"/loans/{loan.id}/hand-over", act.person, chance.random() < 0.8

    def answers() -> None:
        if accepts:
            here.admins.ask("POST", f"{path}/accept", {"condition": chance.choice(("ok", "ok", "minor"))}, by=other)
        else:
            here.admins.ask("DELETE", path, by=chance.choice((other, "admin")))

    def asked(reply: Reply) -> None:
        if reply.status < HTTPStatus.BAD_REQUEST:
            here.hub.later(chance.randint(500, 60_000), answers)

    here.admins.ask("POST", path, {"to": other}, asked, by=_by(loan, chance))


def _consent(here: "Simulation", act: Act, chance: Random) -> None:
    """Somebody asks for the consent of others, or asked for it at a bank; who may says yes or no."""
    lead = chance.choice(rules.LEADS)

    def answer(reply: Reply) -> None:
        for request in reply.json.get("items", ()):
            word = "approve" if chance.random() < 0.7 else "refuse"
            here.admins.ask("POST", f"/authorisations/{request['id']}/{word}", {"reason": "I know them"}, by=lead)

    if chance.random() < 0.5:
        here.admins.ask("POST", "/authorisations", {"type": "laptop", "bank": "dock-01"}, by=act.person)
    look = partial(here.admins.ask, "GET", "/authorisations?to_answer=true", then=answer, by=lead)
    here.hub.later(chance.randint(500, 30_000), look)


def _claim(here: "Simulation", act: Act, chance: Random) -> None:
    loan = here.checks.some_loan(chance)
    if loan is not None:
        here.admins.ask("POST", f"/loans/{loan.id}/claim-returned", {"bank": act.bank}, by=_by(loan, chance))


def _dispute(here: "Simulation", _: Act, chance: Random) -> None:
    loan = here.checks.some_loan(chance)
    if loan is not None:
        here.admins.ask("POST", f"/loans/{loan.id}/dispute", {"note": "It was not me"}, by=_by(loan, chance))


def _resolve(here: "Simulation", act: Act, chance: Random) -> None:
    """A case is looked into; half of the time it is said with it where its thing is."""
    case = here.checks.some_case(chance)
    if case is None:
        return
    path, word = f"/cases/{case.id}", {"resolution": "looked into", "note": "all is well"}
    move = chance.choice(FITTING.get(case.kind, MOVES)) if case.asset is not None and chance.random() < 0.7 else None
    door = chance.choice(list(here.stations[act.bank].config.door_numbers))
    where = {"bank": act.bank, "door": door} if move == "stow" else {"site": "hq"} if move == "found" else {}
    if chance.random() < 0.3:
        here.admins.change(path, {"owner": act.person})
        here.admins.ask("POST", f"{path}/notes", {"note": "Nobody saw it"})
    here.admins.ask("POST", f"{path}/resolve", word | ({"move": move} | where if move else {}))


DEALINGS: Final[Mapping[str, Callable[["Simulation", Act, Random], None]]] = {
    "renew": _renew,
    "recall": _recall,
    "hand over": _hand_over,
    "consent": _consent,
    "claim": _claim,
    "dispute": _dispute,
    "resolve": _resolve,
}
"""Acts by name."""
