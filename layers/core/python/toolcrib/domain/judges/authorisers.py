"""Row 13: as many others as the policies ask for have agreed to this take."""

from toolcrib.domain.authorisers import Agreeing, Authoriser, Spent, lacking, live, serving
from toolcrib.domain.judges.finding import Finding, Need
from toolcrib.domain.matching import authorisers, ranked
from toolcrib.domain.policies import Authorisers, Moment
from toolcrib.domain.rulebook import RuleBook, Subject


def authorised(subject: Subject, book: RuleBook) -> Finding:
    """Row 13: never the taker, each counted once, from the group that is asked for; it counts for one grant."""
    demands = _demands(subject, book)
    if not demands:
        return Finding(detail="nobody else has to agree")
    left = lacking(demands, _there(subject))
    agreed = ",".join(sorted(each.person for each in serving(demands, _there(subject))))
    if not left:
        return Finding(detail=f"agreed: {agreed}", proves={"authorisers": agreed})
    wanted = "; ".join(_said(each) for each in left)
    first = left[0]
    by_id = first.group or ""
    group = book.groups.get(by_id)
    return Finding(
        code="authorisation_required",
        detail=f"{wanted} lacking" + (f", agreed: {agreed}" if agreed else ""),
        says="authorisation_required.group" if first.group else None,
        facts={
            "count": first.count,
            "thing": subject.asset_type.name,
            "group": group.name if group is not None else by_id,
        },
        needs=(Need.AUTHORISER,),
    )


def still_lacking(subject: Subject, book: RuleBook) -> tuple[Authorisers, ...]:
    """Return whom this take still lacks."""
    return lacking(_demands(subject, book), _there(subject))


def spending(subject: Subject, book: RuleBook) -> Spent | None:
    """Return what this take uses up; None where nobody has to agree to it."""
    demands = _demands(subject, book)
    if not demands:
        return None
    given, asked = subject.given, _asked(subject)
    by_badge = serving(demands, _joined(subject))
    approved = serving(demands, [each for request in asked.values() for each in request.approved])
    return Spent(
        demands=demands,
        session=given.session if by_badge else None,
        requests=tuple(sorted(asked)),
        approvers=tuple(each.person for each in approved),
    )


def _demands(subject: Subject, book: RuleBook) -> tuple[Authorisers, ...]:
    return authorisers(ranked(subject, book), Moment.TAKE)


def _there(subject: Subject) -> list[Authoriser]:
    """Return everybody who agreed to a take like this one, here and now; never the taker."""
    afar = [each for request in _asked(subject).values() for each in request.approved]
    takers = {subject.person.id, subject.present.id}
    return [each for each in (*_joined(subject), *afar) if each.person not in takers]


def _joined(subject: Subject) -> tuple[Authoriser, ...]:
    """Return who tapped in this session; nobody where the session was used for a grant already."""
    given = subject.given
    return () if given.session in subject.person.spent else given.authorisers


def _asked(subject: Subject) -> dict[str, Agreeing]:
    about = subject.asset_type.id, subject.site.id
    return {
        key: each for key, each in live(subject.person.asked, subject.at).items() if (each.type, each.site) == about
    }


def _said(demand: Authorisers) -> str:
    return f"{demand.count} of {demand.group}" if demand.group else f"{demand.count} of anybody else"
