"""What is put on record when somebody takes a thing for an account: whose loan it is, and what is whose to remember."""

from datetime import timedelta
from typing import Any

from tests.support.workplace import NOW, TOKEN, bank, person
from tests.toolcrib.domain.test_authorise import BOOK, DOOR, ask
from toolcrib.domain.agreements import Acceptance
from toolcrib.domain.authorise import take
from toolcrib.domain.authorisers import Spent
from toolcrib.domain.blocking import MOST_REMEMBERED
from toolcrib.domain.change import Change, Holdings
from toolcrib.domain.doors import Mode
from toolcrib.domain.offers.offer import offer
from toolcrib.domain.people import Badge, LastTake, Person, PersonKind, PinStanding, Shift
from toolcrib.domain.pins import Found, Proven, Shown
from toolcrib.domain.record import replace
from toolcrib.domain.rules import Verdict

UNTIL = NOW + timedelta(hours=2)
TEAM = person(9, name="Night shift", kind=PersonKind.TEAM, version=4, valid_until=UNTIL)
ANA = person(version=7, borrows_for=("p-9",))
STANDING = PinStanding(is_set=True)
PROVEN = Proven(shown=Shown(found=Found.RIGHT), standing=STANDING)
ACCEPTED = {"house": Acceptance(version=1, sha256="0" * 64, at=NOW)}


def for_team(team: Person = TEAM, *, of_verdict: Any = None, proven: Proven | None = None, **of_option: Any) -> Change:
    """Let Ana take the drill for the team, with an option that says more."""
    here = bank(mode=Mode.KIOSK, doors=(DOOR,))
    offered = offer(ANA, Badge(id=TOKEN, person="p-1"), here, BOOK, NOW, accounts=(team,))
    (option,) = (each for each in offered.options if each.borrower is not None)
    verdict: Verdict | None = option.verdict
    assert verdict is not None
    whole = replace(option, verdict=replace(verdict, **(of_verdict or {})), **of_option)
    return take(ask(ANA, bank=here, proven=proven), whole)


def sides(change: Change) -> tuple[Holdings, Holdings]:
    """Return what the account's profile gets and what the profile of who stands there gets."""
    account, here = change.holdings
    return account, here


def test_the_loan_is_the_accounts_and_says_who_took_it() -> None:
    (loan,) = for_team().loans
    assert (loan.person, loan.by, loan.proofs) == ("p-9", "p-1", {"by": "p-1"})


def test_who_took_it_is_said_beside_how_the_take_passed() -> None:
    (loan,) = for_team(of_verdict={"proofs": {"factor": "pin"}}).loans
    assert loan.proofs == {"factor": "pin", "by": "p-1"}


def test_the_loan_lasts_as_long_as_the_account_may_have_it() -> None:
    shift = Shift(starts=NOW, ends=NOW + timedelta(hours=1), groups=("crew",))
    team = replace(TEAM, shifts=(shift,))
    terms = for_team(team).loans[0].terms
    by_shift = replace(terms, period=replace(terms.period, end_of_shift=True))
    (loan,) = for_team(team, of_verdict={"terms": by_shift}).loans
    assert (loan.valid_until, loan.shift_end) == (UNTIL, shift.ends)


def test_the_door_is_opened_to_who_stands_there() -> None:
    grant = for_team().doors[0].grant
    assert grant is not None
    assert grant.person == "p-1"


def test_the_account_holds_it_and_who_stands_there_has_taken_it() -> None:
    change = for_team()
    account, here = sides(change)
    assert (account.person, list(account.put), account.last_take) == ("p-9", [change.loans[0].id], None)
    assert (here.person, dict(here.put), here.last_take) == ("p-1", {}, LastTake(site="hq", at=NOW))


def test_both_profiles_have_to_be_as_they_were_judged() -> None:
    account, here = sides(for_team())
    assert (account.expected_version, here.expected_version) == (4, 7)


def test_what_was_shown_in_person_is_remembered_of_who_stood_there() -> None:
    account, here = sides(for_team(proven=PROVEN, accepts=ACCEPTED))
    assert (here.pin, here.acceptances) == (STANDING, ACCEPTED)
    assert (account.pin, account.acceptances) == (None, None)


def test_what_counts_against_the_borrower_is_remembered_of_the_account() -> None:
    late = tuple(NOW - timedelta(days=day) for day in range(MOST_REMEMBERED + 1))
    account, here = sides(for_team(replace(TEAM, late_returns=late), spends=Spent(session="s-1")))
    assert (account.remembered_late, account.spent) == (tuple(sorted(late)[1:]), {"s-1": NOW})
    assert (here.remembered_late, here.spent) == (None, None)
