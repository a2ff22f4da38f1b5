"""Somebody renews a loan at the moment when it is called back (rules.md, *Renewals, recall*)."""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from tests.proof.races.race import Tally, request

DONE, REFUSED = 200, {403, 409, 422}


@dataclass(kw_only=True)
class RenewOrRecall(Tally):
    """Both are one commit on the loan: whichever is second sees the other."""

    rounds: int = 0

    def __post_init__(self) -> None:
        self.bank = self.corner.bank("tags", "express", doors=1)
        self.person = self.corner.person("ada")
        self.corner.policy("laptop", loan_period="PT8H", renewals={"max": 1}, recall={"notice": "PT1H"})
        self.laptop = self.corner.thing("laptop", self.bank, door=1)

    def round(self) -> None:
        """A renewal counts only if it was first; the recall always does, and what is due follows from both."""
        bank, web = self.bank, self.corner.web
        taking = bank.opens(self.person.token)
        assert bank.shuts(taking, inside=[]) == "taken"
        path = f"/loans/{taking['jti']}"
        with ThreadPoolExecutor(max_workers=1) as pool:
            calling = pool.submit(request, web, ("POST", f"{path}/recall", {}), after_s=self.ahead_s)
            time.sleep(max(0.0, -self.ahead_s))
            renewal = request(web, ("POST", f"{path}/renew", None))
            recall = calling.result()
        assert recall.status_code == DONE, recall.text
        first = renewal.status_code == DONE
        assert first or (renewal.status_code in REFUSED and renewal.json()["code"] == "not_renewable"), renewal.text
        loan = self.corner.loan(taking["jti"])
        assert (loan["renewals"], loan["recalled"] is not None) == (int(first), True), loan
        assert loan["due_at"] == recall.json()["due_at"] <= renewal.json().get("due_at", loan["due_at"]), loan
        self._bring_back()
        self.first("the renewal" if first else "the recall", tap=first)
        self.told["not_renewable"] += not first

    def _bring_back(self) -> None:
        returning = self.bank.opens(self.person.token)
        assert self.bank.shuts(returning, inside=[self.laptop.tag]) == "returned"
        self.rounds += 1

    def finish(self) -> None:
        """Taken and returned once a round, whoever was first."""
        assert self.corner.moves(self.laptop) == ["create", "stow", *["taken", "returned"] * self.rounds]
