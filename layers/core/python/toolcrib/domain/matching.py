"""Which policy applies (rules.md, *Which policy applies*): terms from the most specific, limits from all."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from toolcrib.domain.assets import AssetType
from toolcrib.domain.evidence import Evidence, strongest
from toolcrib.domain.policies import Allowance, Authorisers, Match, Moment, Policy, Terms
from toolcrib.domain.record import Record, replace
from toolcrib.domain.rosters import groups_of
from toolcrib.domain.rulebook import RuleBook, Subject

DIMENSIONS: Mapping[str, Callable[[Subject, str], bool]] = {
    "asset_type": lambda subject, value: subject.asset_type.id == value,
    "category": lambda subject, value: subject.asset_type.category == value,
    "group": lambda subject, value: value in groups_of(subject.person, subject.at),
    "bank": lambda subject, value: subject.bank == value,
    "site": lambda subject, value: subject.site.id == value,
}
"""What a policy may name, in the order in which specificity is compared, and when a name fits."""


class Limit(Record, frozen=True, kw_only=True):
    """At most `most` loans and live take-grants of this `kind`, counted at `site` or, if None, in the whole org."""

    kind: str
    site: str | None
    most: int
    policy: str


def ranked(subject: Subject, book: RuleBook) -> tuple[Policy, ...]:
    """Return every policy that matches, the one whose terms apply first, the runner-up second. Never empty."""
    all_ = {**book.policies, book.fallback.id: book.fallback}
    return tuple(sorted((policy for policy in all_.values() if matches(policy.match, subject)), key=_rank))


def matches(match: Match, subject: Subject) -> bool:
    """Whether everything that is named fits."""
    return all(fits(subject, value) for name, fits in DIMENSIONS.items() if (value := getattr(match, name)) is not None)


def named(match: Match) -> tuple[str, ...]:
    """Return the dimensions that a match names, most specific first; none for a fallback."""
    return tuple(name for name in DIMENSIONS if getattr(match, name) is not None)


def conflicts(policy: Policy, others: Iterable[Policy]) -> tuple[Policy, ...]:
    """Return the policies that could match the same person, asset and bank with equal specificity and priority.

    An asset has one type and one category, a bank one site: different names there exclude each other. A person may
    be in several groups, so different groups do not.
    """
    return tuple(
        other
        for other in others
        if other.id != policy.id
        and other.priority == policy.priority
        and named(other.match) == named(policy.match)
        and all(
            getattr(other.match, name) == getattr(policy.match, name) for name in named(policy.match) if name != "group"
        )
    )


def terms_of(policies: Sequence[Policy], kind: AssetType) -> Terms:
    """Return the snapshot that a loan keeps, whatever becomes of its policies (rules.md, law 3).

    Terms are those of the first policy; the evidence that its return needs is the strongest that any of them asks for.
    What of its ladder is there for dearer things than those of this `kind` is left out.
    """
    policy = policies[0]
    return Terms(
        policy=policy.id,
        policy_revision=policy.revision,
        period=policy.period,
        curfew=policy.curfew,
        closed=policy.closed,
        grace=policy.grace,
        ladder=tuple(step for step in policy.ladder if step.min_value <= kind.replacement_value),
        renewals=policy.renewals,
        recall=policy.recall,
        blocks=policy.blocks,
        lost_after=policy.lost_after,
        min_evidence=min_evidence(policies),
        countersign=authorisers(policies, Moment.RETURN),
        prompt=kind.prompt,
    )


def limits(policies: Iterable[Policy]) -> tuple[Limit, ...]:
    """Return the strictest allowance of each kind and scope among `policies`, lowest first.

    A policy that names a site counts at that site only; any other counts in the whole org.
    """
    strictest: dict[tuple[str, str | None], Limit] = {}
    for policy in policies:
        for kind in Allowance.__struct_fields__:
            most = getattr(policy.allowance, kind)
            scope = kind, policy.match.site
            if most is not None and (scope not in strictest or most < strictest[scope].most):
                strictest[scope] = Limit(kind=kind, site=policy.match.site, most=most, policy=policy.id)
    return tuple(sorted(strictest.values(), key=lambda limit: limit.most))


def schedules(policies: Iterable[Policy]) -> tuple[Policy, ...]:
    """Return the policies that say when: each of them has to allow the moment."""
    return tuple(policy for policy in policies if policy.schedule)


def min_evidence(policies: Iterable[Policy]) -> Evidence | None:
    """Return the strongest evidence that any of `policies` asks for at a return."""
    return strongest(policy.min_evidence for policy in policies)


def authorisers(policies: Iterable[Policy], on: Moment) -> tuple[Authorisers, ...]:
    """Return what has to be met all together before a take or return counts, the most people first.

    Each demand stands for itself, since two policies may name different groups; one person may serve several. What
    another demand covers (as many or more of the same group, or of any group where none is named) is left out.
    """
    asked = {policy.authorisers for policy in policies if policy.authorisers.count and on in policy.authorisers.on}
    demands = {replace(each, on=(on,)) for each in asked}
    needed = (each for each in demands if not any(_covers(other, each) for other in demands if other != each))
    return tuple(sorted(needed, key=lambda each: (-each.count, each.group or "")))


def second_factor(policies: Iterable[Policy]) -> Policy | None:
    """Return the first of the policies that asks for a second factor; None where no policy does."""
    return next((policy for policy in policies if policy.second_factor), None)


def _covers(other: Authorisers, each: Authorisers) -> bool:
    """Whether whoever meets `other` has met `each` as well."""
    return other.count >= each.count and each.group in {None, other.group}


def _rank(policy: Policy) -> tuple[tuple[bool, ...], int, str]:
    """Sort key: most specific first, then lower priority; the id only makes an unsaved conflict repeatable."""
    return tuple(getattr(policy.match, name) is None for name in DIMENSIONS), policy.priority, policy.id
