"""May this person take this now? One function for the kiosk, the API and the dry run (rules.md).

`RULES` is the table of rows that are built, in the order of rules.md; each is a pure function from the question
and the rule book to a finding. Every row is judged and every finding is kept; the first refusal is the answer.
"""

from collections.abc import Callable, Mapping
from enum import IntEnum

from toolcrib.domain.due import Due, due
from toolcrib.domain.judges import Finding, access, allowance, badge_plausible, person_active
from toolcrib.domain.matching import named, ranked, terms_of
from toolcrib.domain.policies import Policy, Terms
from toolcrib.domain.record import Record
from toolcrib.domain.refusals import Refusal
from toolcrib.domain.rulebook import RuleBook, Subject


class Row(IntEnum):
    """The rows of rules.md by number; a rule that is not built yet has its row but no entry in `RULES`."""

    PERSON = 1
    BADGE = 2
    BLOCKS = 3
    ACCESS = 4
    CERTIFICATION = 5
    SCHEDULE = 6
    CONDITION = 7
    PAIRING = 8
    ALLOWANCE = 9
    RESERVATION = 10
    QUEUE = 11
    SECOND_FACTOR = 12
    AUTHORISERS = 13
    TERMS = 14


class TraceLine(Record, frozen=True, kw_only=True):
    """One finding with the name of its rule, as the dry run shows it."""

    rule: str
    code: str | None
    passed: bool
    detail: str


class Verdict(Record, frozen=True, kw_only=True):
    """The answer. `code` is the first refusal's; `policy`, `terms` and `due` are what would apply, refused or not."""

    allowed: bool
    code: str | None
    policy: Policy
    terms: Terms
    due: Due
    trace: tuple[TraceLine, ...]

    @property
    def refusal(self) -> Refusal | None:
        """The first refusal with what was compared and what to do next; None where taking is allowed."""
        line = next((line for line in self.trace if not line.passed), None)
        if line is None or line.code is None:
            return None
        return Refusal(code=line.code, detail=line.detail, advice=ADVICE[line.code])


def evaluate(subject: Subject, book: RuleBook) -> Verdict:
    """Judge every row for `subject` under `book` and return the answer with its full trace.

    After the rules the trace names the chosen policy with its runner-up, and the due time with what decided it.
    """
    findings = [(row, judge(subject, book)) for row, judge in RULES.items()]
    policies = ranked(subject, book)
    terms = terms_of(policies[0])
    when = due(terms, subject.site, subject.at, valid_until=subject.person.valid_until)
    code = next((finding.code for _, finding in findings if finding.code), None)
    return Verdict(
        allowed=code is None,
        code=code,
        policy=policies[0],
        terms=terms,
        due=when,
        trace=(
            *(_line(row.name.lower(), finding) for row, finding in findings),
            _line("policy", Finding(detail=_choice(policies))),
            _line("due", Finding(detail=f"{when.at:%Y-%m-%dT%H:%M:%SZ} by {when.why}")),
        ),
    )


RULES: Mapping[Row, Callable[[Subject, RuleBook], Finding]] = {
    Row.PERSON: person_active,
    Row.BADGE: badge_plausible,
    Row.ACCESS: access,
    Row.ALLOWANCE: allowance,
}

ADVICE: Mapping[str, str] = {
    "person_frozen": "Ask your supervisor to enable you.",
    "person_not_yet_valid": "Come back when your time has begun, or ask your supervisor.",
    "person_expired": "Ask your supervisor to extend your time.",
    "badge_unknown": "Ask your supervisor to register this badge.",
    "badge_revoked": "Use your present badge, or ask your supervisor for one.",
    "badge_elsewhere": "Wait a few minutes and tap again; tell your supervisor if the other take was not you.",
    "no_access": "Ask your supervisor to add you to a group that may take this here.",
    "allowance_reached": "Return something first, or ask your supervisor.",
}
"""What the person can do next, by refuse code."""


def _choice(policies: tuple[Policy, ...]) -> str:
    """Return the chosen policy and the runner-up, each with what it names and its priority."""
    return " before ".join(
        f"{policy.id} ({' + '.join(named(policy.match)) or 'names nothing'}, priority {policy.priority})"
        for policy in policies[:2]
    )


def _line(rule: str, finding: Finding) -> TraceLine:
    """Return a finding as a line of the trace."""
    return TraceLine(rule=rule, code=finding.code, passed=finding.code is None, detail=finding.detail)
