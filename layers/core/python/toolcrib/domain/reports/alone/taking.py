"""Somebody took something from a bank that was alone."""

from datetime import datetime

from toolcrib.domain.assets import Asset, Custodian
from toolcrib.domain.cases import CaseKind
from toolcrib.domain.doors import UNRESOLVED, GrantState
from toolcrib.domain.draft import Draft
from toolcrib.domain.loans import Loan, LoanState
from toolcrib.domain.offline.use import Use
from toolcrib.domain.people import Person
from toolcrib.domain.record import replace
from toolcrib.domain.reports import contents, lending
from toolcrib.domain.reports.alone.moment import conflict, then
from toolcrib.domain.reports.scene import Scene
from toolcrib.domain.rosters import shift_end
from toolcrib.domain.rules import Verdict, evaluate
from toolcrib.domain.states import Move, State


def closed(scene: Scene, use: Use, draft: Draft) -> str:
    """The door is closed again: the thing is gone (or nothing can tell), or it is still there.

    Whatever else is gone is unconfirmed with the same person, as after any take.
    """
    before = then(scene)
    draft.door(scene.door, physical="closed")
    thing = _meant(before, use)
    name = _left(before, use, draft) if thing is None else _taken(before, scene, use, draft, thing)
    but = [] if thing is None else [thing.id]
    wrong = contents.others_gone(before, draft, but=but, person=None if use.person is None else use.person.id)
    contents.strangers(before, draft)
    contents.unknown(before, draft)
    return "wrong_item" if wrong else name


def _meant(before: Scene, use: Use) -> Asset | None:
    """Return what was taken, as far as the bank says or shows it; None where that is still there, or nobody knows."""
    here = {content.asset: before.gone(content.asset, content.tag) for content in before.door.contents}
    named = before.assets.get(use.asset or "")
    if named is not None:
        inside = named.tag is not None and named.tag in (before.report.tags or ())
        return None if inside or here.get(named.id) is False else named
    gone = [asset for asset, is_gone in here.items() if is_gone is not False]
    return before.assets[gone[0]] if len(gone) == 1 else None


def _left(before: Scene, use: Use, draft: Draft) -> str:
    """Nothing certain was taken: everything is seen to be there, or a person has to look what there should be."""
    gone = [before.gone(content.asset, content.tag) for content in before.door.contents]
    if use.asset in before.assets or True in gone or (gone and None not in gone):
        return "not_taken"
    draft.open_case(CaseKind.OFFLINE_CONFLICT, detail=f"bank: {use.kind} of nobody knows what, roster {use.roster}")
    contents.lock(draft, before.door, contents.UNEXPECTED)
    return "conflict"


def _taken(before: Scene, scene: Scene, use: Use, draft: Draft, thing: Asset) -> str:
    """Physical reality wins (law 4) where it fits the record; a case says what spoke against it."""
    if use.person is None:
        conflict(before, use, draft, thing, CaseKind.OFFLINE_STRANGER)  # its badge leads to nobody
        return "by_nobody"
    there = any(content.asset == thing.id for content in before.door.contents)
    if not there or thing.state is not State.STOWED or scene.door.busy:
        conflict(before, use, draft, thing, CaseKind.OFFLINE_CONFLICT)
        return "conflict"
    verdict = _verdict(before, use, use.person, thing)
    loan = _loan(before, use, use.person, thing, verdict)
    evidence = before.level(thing)
    draft.move(
        thing,
        Move.TAKEN,
        Custodian.person(use.person.id),
        loan=loan.id,
        cause=replace(draft.cause, evidence=evidence, detail={**draft.cause.detail, **loan.proofs}),
    )
    contents.remove(draft, scene.door, thing.id)
    lending.open_loan(before, draft, loan, thing, at=before.report.at, evidence=evidence)
    _question(use, draft, thing, loan, verdict)
    return "taken"


def _verdict(before: Scene, use: Use, person: Person, thing: Asset) -> Verdict:
    """Judge the take now, as of the moment it was made: by whatever was edited meanwhile, too."""
    content = next(each for each in before.door.contents if each.asset == thing.id)
    at, book = before.report.at, before.book
    return evaluate(book.subject(person, use.badge, thing.type, use.bank, at, content=content, door=before.door), book)


def _loan(before: Scene, use: Use, person: Person, thing: Asset, verdict: Verdict) -> Loan:
    """Return the loan of what was taken: its id is the report's, its terms are those that applied at that moment."""
    report = before.report
    return Loan(
        id=report.op,
        asset=thing.id,
        type=thing.type,
        person=person.id,
        site=before.site,
        bank=before.door.bank,
        door=before.door.number,
        state=LoanState.PENDING,
        authorised_at=report.at,
        due_at=verdict.due.at,
        due_why=str(verdict.due.why),
        grants={report.op: GrantState.USED},
        terms=verdict.terms,
        valid_until=_end(person.valid_until, report.at),
        shift_end=shift_end(person, report.at) if verdict.terms.period.end_of_shift else None,
        proofs=_proofs(use, person, verdict, report.at),
        version=0,
    )


def _proofs(use: Use, person: Person, verdict: Verdict, at: datetime) -> dict[str, str]:
    """Return by which roster it was taken, and the terms that were accepted for it, where that was before (row 14)."""
    terms = verdict.proofs.get("terms", "")
    before = all(person.acceptances[each.partition("@")[0]].at <= at for each in terms.split(",") if each)
    return {"offline": use.roster, **({"terms": terms} if terms and before else {})}


def _end(valid_until: datetime | None, at: datetime) -> datetime | None:
    """Whose time was over already when they took it is not late from the first moment: a case is open about that."""
    return valid_until if valid_until is not None and valid_until > at else None


def _question(use: Use, draft: Draft, thing: Asset, loan: Loan, verdict: Verdict) -> None:
    """Open a case about a take that its roster did not allow, or the rules as they are known now."""
    by_roster = use.against or (None if thing.type in use.entitled else "not_in_roster")
    why = [each for each in (by_roster, verdict.code) if each is not None]
    if why:
        draft.open_case(CaseKind.NOT_ENTITLED, asset=thing.id, loan=loan.id, detail=", ".join(why))


def unresolved(scene: Scene, use: Use, draft: Draft) -> str:
    """Nobody knows how it ended: what may have been taken is unconfirmed, last seen with this person.

    What the record has elsewhere by now is doubted as if it were gone, or nobody would be asked to bring it back.
    """
    before = then(scene)
    draft.door(scene.door, physical="unknown")  # a grant that it has by now is not this report's to end
    named = before.assets.get(use.asset or "")
    if named is not None and all(content.asset != named.id for content in scene.door.contents):
        conflict(before, use, draft, named, CaseKind.UNRESOLVED)
    else:
        case = draft.open_case(CaseKind.UNRESOLVED, asset=None if named is None else named.id)
        last_seen = contents.here(scene) if use.person is None else Custodian.person(use.person.id)
        for content in before.door.contents:
            if named is None or content.asset == named.id:
                draft.move(before.assets[content.asset], Move.UNRESOLVED, last_seen, case=case)
                contents.remove(draft, scene.door, content.asset)
    contents.lock(draft, scene.door, UNRESOLVED)
    return "unresolved"
