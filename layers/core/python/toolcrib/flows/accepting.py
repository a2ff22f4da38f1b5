"""Terms at a screen: keeping what somebody accepted, and a case for what they did not (rules.md, row 14)."""

from collections.abc import Mapping

from toolcrib.domain.agreements import Acceptance, Wording, accepted
from toolcrib.domain.authorise import Ask
from toolcrib.domain.cases import Case, CaseKind
from toolcrib.domain.change import Change, Holdings
from toolcrib.domain.ids import derived
from toolcrib.flows.deciding import commit_once
from toolcrib.store.commit import commit


def accept(ask: Ask, acceptances: Mapping[str, Acceptance]) -> None:
    """Keep what was accepted although nothing opens yet; raises `LostRace` where the profile moved on."""
    now = accepted(ask.person.acceptances, acceptances)
    held = Holdings(person=ask.person.id, acceptances=now, expected_version=ask.person.version)
    commit(ask.org, Change(op=derived("accept", ask.org, ask.bank.id, ask.upload), at=ask.at, holdings=(held,)))


def decline(ask: Ask, wanted: Wording) -> None:
    """Open a case, once a person and text: it was on the screen and was not accepted. Custody stays as it is."""
    case = Case(
        id=derived("case", str(CaseKind.TERMS_DECLINED), ask.person.id, wanted.agreement, wanted.sha256),
        kind=CaseKind.TERMS_DECLINED,
        opened_at=ask.at,
        site=ask.bank.site,
        bank=ask.bank.id,
        person=ask.person.id,
        detail=f"{wanted.agreement}, version {wanted.version}",
    )
    commit_once(ask.org, Change(op=case.id, at=ask.at, cases=(case,)))
