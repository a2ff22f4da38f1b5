"""Row 14: the exact text of whatever applies is accepted before the door opens."""

from toolcrib.domain.agreements import Acceptance, Agreement, Wording, applies, stands, wording
from toolcrib.domain.judges.finding import Finding, Need
from toolcrib.domain.rulebook import RuleBook, Subject


def terms_accepted(subject: Subject, book: RuleBook) -> Finding:
    """Row 14: all terms about the type or its category are accepted, before or with this choice."""
    applying = _applying(subject, book)
    now = {**subject.present.acceptances, **accepting(subject, book)}
    wanted = _first_open(subject, book)
    if wanted is not None:
        compared = f"terms {wanted.agreement} version {wanted.version} ({wanted.language}) are not accepted"
        facts = {"thing": subject.asset_type.name, "terms": wanted.title}
        return Finding(code="terms_required", detail=compared, facts=facts, needs=(Need.TERMS,))
    if not applying:
        return Finding(detail="no terms apply")
    named = ",".join(f"{each.id}@{now[each.id].version}:{now[each.id].sha256}" for each in applying)
    versions = ", ".join(f"{each.id} version {now[each.id].version}" for each in applying)
    return Finding(detail=f"accepted: {versions}", proves={"terms": named})


def to_show(subject: Subject, book: RuleBook) -> Wording | None:
    """Return the text that has to be accepted next, in the person's language; None where none is left."""
    return _first_open(subject, book)


def accepting(subject: Subject, book: RuleBook) -> dict[str, Acceptance]:
    """Return what the choice accepts anew: the terms one of whose present texts has the hash that came with it."""
    given = subject.given.terms_sha256
    return {
        each.id: Acceptance(version=each.version, sha256=given, at=subject.at)
        for each in _open(subject, book)
        if given is not None and given in each.digests.values()
    }


def _first_open(subject: Subject, book: RuleBook) -> Wording | None:
    given = subject.given.terms_sha256
    left = (each for each in _open(subject, book) if given not in each.digests.values())
    return next((wording(each, subject.present.language) for each in left), None)


def _open(subject: Subject, book: RuleBook) -> list[Agreement]:
    """Return the terms that apply and of which no acceptance stands."""
    accepted = subject.present.acceptances
    return [each for each in _applying(subject, book) if not stands(each, accepted.get(each.id))]


def _applying(subject: Subject, book: RuleBook) -> list[Agreement]:
    return [each for _, each in sorted(book.agreements.items()) if applies(each, subject.asset_type)]
