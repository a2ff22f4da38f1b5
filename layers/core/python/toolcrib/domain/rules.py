"""May this person take this now? One function for the kiosk, the API and the dry run (rules.md).

`RIGHTS` and `PROOFS` are the table of rows, in the order of rules.md; each is a pure function from the question and
the rule book to a finding. All rights are judged and every finding is kept; proofs are asked for only where every right
is there, so that nobody learns whether a PIN was right from a refusal that they would get anyway. The first refusal is
the answer.
"""

from collections.abc import Callable, Mapping, Sequence
from enum import IntEnum

from msgspec import field

from toolcrib.domain import overrides
from toolcrib.domain.due import Due, due
from toolcrib.domain.judges.access import access
from toolcrib.domain.judges.allowance import allowance
from toolcrib.domain.judges.authorisers import authorised
from toolcrib.domain.judges.badge import badge_plausible
from toolcrib.domain.judges.blocks import blocks
from toolcrib.domain.judges.booked import queue, reservation
from toolcrib.domain.judges.certification import certification
from toolcrib.domain.judges.condition import condition
from toolcrib.domain.judges.finding import Finding, Need, Remark
from toolcrib.domain.judges.pairing import pairing
from toolcrib.domain.judges.person import person_active
from toolcrib.domain.judges.schedule import schedule
from toolcrib.domain.judges.second_factor import second_factor
from toolcrib.domain.judges.terms import terms_accepted
from toolcrib.domain.matching import named, ranked, terms_of
from toolcrib.domain.policies import Policy, Terms
from toolcrib.domain.record import Record, replace
from toolcrib.domain.refusals import Refusal
from toolcrib.domain.rosters import shift_end
from toolcrib.domain.rulebook import RuleBook, Subject
from toolcrib.domain.units import Chosen


class Row(IntEnum):
    """The rows of rules.md by number; a rule that is not built yet has its row but no judge."""

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


Judge = Callable[[Subject, RuleBook], Finding]

RIGHTS: Mapping[Row, Judge] = {
    Row.PERSON: person_active,
    Row.BADGE: badge_plausible,
    Row.BLOCKS: blocks,
    Row.ACCESS: access,
    Row.CERTIFICATION: certification,
    Row.SCHEDULE: schedule,
    Row.CONDITION: condition,
    Row.PAIRING: pairing,
    Row.ALLOWANCE: allowance,
    Row.RESERVATION: reservation,
    Row.QUEUE: queue,
}
"""Rows 1 to 11: what a person has or has not, whatever they bring along."""

PROOFS: Mapping[Row, Judge] = {
    Row.SECOND_FACTOR: second_factor,
    Row.AUTHORISERS: authorised,
    Row.TERMS: terms_accepted,
}
"""Rows 12 to 14: what a person has to show for this one take."""


class TraceLine(Record, frozen=True, kw_only=True):
    """One finding with the name of its rule, as the dry run shows it."""

    rule: str
    code: str | None
    passed: bool
    detail: str


class Verdict(Record, frozen=True, kw_only=True):
    """The answer. `refused` is the first finding against it; `policy`, `terms` and `due` are what would apply anyhow.

    `needs` is what the person could still bring: where it is not empty, nothing else is in the way. `proofs` is what
    the event of the take says of how it passed; `remarks` are what they should know of the thing before they take it.
    `overrides` are the ids of those that the take would use up.

    `findings` are what the rules found, `policies` the chosen one and its runner-up, `unit` why it is about this unit;
    of several things together `parts` has each one's verdict by its asset. `trace` tells of all that.
    """

    refused: Finding | None
    needs: tuple[Need, ...] = ()
    policies: tuple[Policy, ...]
    terms: Terms
    due: Due
    findings: Mapping[Row, Finding]
    unit: str | None = None
    parts: "tuple[tuple[str, Verdict], ...]" = ()
    proofs: Mapping[str, str] = field(default_factory=dict)
    remarks: tuple[Remark, ...] = ()
    overrides: tuple[str, ...] = ()

    @property
    def policy(self) -> Policy:
        """The policy whose terms apply."""
        return self.policies[0]

    @property
    def trace(self) -> tuple[TraceLine, ...]:
        """What every rule found, the policy, the due time and the unit; put into words only where somebody reads it."""
        if self.parts:
            return tuple(
                replace(line, detail=f"{asset}: {line.detail}")
                for asset, verdict in self.parts
                for line in verdict.trace
            )
        unit = () if self.unit is None else (_line("unit", Finding(detail=self.unit)),)
        return (
            *(_line(row.name.lower(), finding) for row, finding in self.findings.items()),
            _line("policy", Finding(detail=_choice(self.policies))),
            _line("due", Finding(detail=f"{self.due.at:%Y-%m-%dT%H:%M:%SZ} by {self.due.why}")),
            *unit,
        )

    @property
    def allowed(self) -> bool:
        """Whether the take may go on right now."""
        return self.refused is None

    @property
    def code(self) -> str | None:
        """The first refusal's code."""
        return None if self.refused is None else self.refused.code

    @property
    def refusal(self) -> Refusal | None:
        """The first refusal with what was compared; None where taking is allowed."""
        refused = self.refused
        if refused is None or refused.code is None:
            return None
        return Refusal(code=refused.code, detail=refused.detail, says=refused.says, facts=refused.facts)


def evaluate(subject: Subject, book: RuleBook) -> Verdict:
    """Judge `subject` under `book` and return the answer; its trace tells of every rule.

    After the rules the trace names the chosen policy with its runner-up, and the due time with what decided it.
    """
    findings = _judged(RIGHTS, subject, book)
    if all(finding.code is None for finding in findings.values()):
        findings |= _judged(PROOFS, subject, book)
    refused = [finding for finding in findings.values() if finding.code is not None]
    curable = all(finding.needs for finding in refused)
    policies = ranked(subject, book)
    terms = terms_of(policies, subject.asset_type)
    who, at = subject.person, subject.at
    when = due(terms, subject.site, at, valid_until=who.valid_until, shift_end=shift_end(who, at))
    return Verdict(
        refused=next(iter(refused), None),
        needs=tuple(need for finding in refused for need in finding.needs) if curable else (),
        policies=policies[:2],
        terms=terms,
        due=when,
        remarks=tuple(remark for finding in findings.values() for remark in finding.remarks),
        findings=findings,
        proofs={name: value for finding in findings.values() for name, value in finding.proves.items()},
        overrides=tuple(key for finding in findings.values() for key in finding.overrides),
    )


def with_unit(verdict: Verdict, chosen: Chosen) -> Verdict:
    """Return the verdict about a unit; the last line of its trace says why it is about that one (rule `unit`)."""
    return replace(verdict, unit=chosen.detail)


def _judged(rows: Mapping[Row, Judge], subject: Subject, book: RuleBook) -> dict[Row, Finding]:
    return {row: _ruled(judge, subject, book) for row, judge in rows.items()}


def _ruled(judge: Judge, subject: Subject, book: RuleBook) -> Finding:
    """Judge one row; a code that an override covers passes, and what else the rule has against it is asked for."""
    found, passed = judge(subject, book), []
    while found.code is not None and (cover := overrides.covering(subject, found.code)) is not None:
        passed.append(overrides.passed(found, *cover))
        subject = replace(subject, overridden=subject.overridden | {found.code})
        again = judge(subject, book)
        if again.code in subject.overridden:  # the rule knows one code only
            return _all(passed, found)
        found = again
    return found if found.code is not None or not passed else _all(passed, found)


def _all(passed: Sequence[Finding], last: Finding) -> Finding:
    """Return what several overrides of one row come to, with what the `last` finding warns of."""
    return Finding(
        remarks=last.remarks,
        detail="; ".join(each.detail for each in passed),
        proves={name: value for each in passed for name, value in each.proves.items()},
        overrides=tuple(key for each in passed for key in each.overrides),
    )


def _choice(policies: tuple[Policy, ...]) -> str:
    """Return the chosen policy and the runner-up, each with what it names and its priority."""
    return " before ".join(
        f"{policy.id} ({' + '.join(named(policy.match)) or 'names nothing'}, priority {policy.priority})"
        for policy in policies
    )


def _line(rule: str, finding: Finding) -> TraceLine:
    """Return a finding as a line of the trace."""
    return TraceLine(rule=rule, code=finding.code, passed=finding.code is None, detail=finding.detail)
