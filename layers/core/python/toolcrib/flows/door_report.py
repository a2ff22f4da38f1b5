"""What a door did: apply it to the grant it names, and acknowledge it once the effect is committed."""

from toolcrib.domain.doors import LIVE
from toolcrib.domain.evidence import Evidence, seen
from toolcrib.domain.ids import loan_of
from toolcrib.domain.taking import Closing, taken
from toolcrib.send.banks import publish
from toolcrib.store.assets import load_asset
from toolcrib.store.banks import find_door
from toolcrib.store.commit import commit
from toolcrib.store.loans import load_loan
from toolcrib.store.rulebook import rule_book
from toolcrib.wire.arrivals import Arrival
from toolcrib.wire.downs import AckDown
from toolcrib.wire.uploads import Door


def handle(report: Arrival[Door]) -> None:
    """Apply a door report."""
    body, org = report.body, report.org
    door = find_door(org, report.bank, body.door)
    grant = door.grant if door else None
    if door and grant and grant.id == body.grant and grant.state in LIVE and body.outcome == "closed":
        loan = load_loan(org, loan_of(grant.id) or "")
        level = seen(
            Evidence(body.evidence), present=body.present, tags=None if body.tags is None else tuple(body.tags)
        )
        site = rule_book(org).sites[loan.site]
        asset = load_asset(org, loan.asset)
        closing = Closing(
            op=body.id, door=door, loan=loan, asset=asset, site=site, at=report.at, evidence=level
        )
        commit(org, taken(closing))
    publish(org, report.bank, AckDown(ids=(body.id,)))
