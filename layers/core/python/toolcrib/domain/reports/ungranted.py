"""What a door did without a grant: forced open; or a report whose grant nobody waits for any more."""

from toolcrib.domain.assets import Asset
from toolcrib.domain.cases import CaseKind
from toolcrib.domain.draft import Draft
from toolcrib.domain.reports import contents, give_back
from toolcrib.domain.reports.scene import Outcome, Scene, Settlement
from toolcrib.domain.states import Move, State

SILENT = frozenset({Outcome.OPENED, Outcome.NOT_OPENED, Outcome.JAMMED})
"""Outcomes that say nothing about custody once their grant is over."""


def forced(scene: Scene) -> Settlement:
    """Opened without a grant: one case, whatever lay inside is unconfirmed, nothing is lent from it."""
    draft = scene.draft(None)
    case = draft.open_case(CaseKind.FORCED)
    for content in scene.door.contents:
        draft.move(scene.assets[content.asset], Move.FORCED, contents.here(scene), case=case)
    draft.door(scene.door, contents=(), physical="open", unlendable="forced")
    return Settlement(name="forced", change=draft.change(guard=bool(draft.events)))


def closed(scene: Scene) -> Settlement:
    """Closed again, without a grant: tags may show things; they never close a loan by themselves (rules.md)."""
    draft = scene.draft(None)
    draft.door(scene.door, physical="closed")
    for content in scene.door.contents:
        if scene.gone(content.tag) is True:
            not_seen(scene, draft, scene.assets[content.asset])
    for stranger in scene.strangers():
        seen(scene, draft, stranger)
    contents.unknown(scene, draft)
    return Settlement(name="closed_without_grant", change=draft.change(guard=bool(draft.events)))


def seen(scene: Scene, draft: Draft, asset: Asset) -> None:
    """An asset shows up where the record does not have it: unconfirmed and a case; the holder is left in peace."""
    contents.unexpected(scene, draft, asset)
    loan = scene.loans.get(asset.loan or "")
    if loan is not None and asset.state is not State.UNCONFIRMED:
        give_back.pause(draft, loan)


def not_seen(scene: Scene, draft: Draft, asset: Asset) -> None:
    """An asset is not where the record has it: unconfirmed, last seen here, and a case."""
    case = draft.open_case(CaseKind.MISPLACED, about=asset.id, asset=asset.id)
    draft.move(asset, Move.NOT_SEEN, contents.here(scene), case=case)
    contents.remove(draft, scene.door, asset.id)


def late(scene: Scene) -> Settlement:
    """Its door has moved on: recorded, a case, and nothing moves by itself (design.md, *What keeps the saga whole*)."""
    report = scene.report
    if report.outcome in SILENT:
        return Settlement(name="late", change=scene.draft(None).change())
    loan = next(iter(scene.loans.values()), None)
    draft = scene.draft(loan.person if loan else None)
    asset = scene.assets.get(loan.asset) if loan else None
    case = draft.open_case(
        CaseKind.LATE_REPORT, asset=asset.id if asset else None, loan=loan.id if loan else None,
        detail=f"{report.outcome}, evidence {report.evidence}",
    )  # fmt: skip
    if asset is not None and asset.state in {State.ON_LOAN, State.STOWED}:
        draft.move(asset, Move.SEEN, asset.custodian, loan=asset.loan, case=case, unsettled_by=report.grant)
    return Settlement(name="late", change=draft.change(guard=bool(draft.events)))
