"""Enter an asset: it begins `stored` at a site, with the first event of its ledger."""

from toolcrib.domain.assets import Asset, Custodian
from toolcrib.domain.change import Change, TagChange
from toolcrib.domain.events import Cause, created, replay
from toolcrib.domain.evidence import Evidence
from toolcrib.domain.principals import Asked
from toolcrib.domain.record import replace
from toolcrib.domain.refusals import AlreadyThere, Conflict, Invalid
from toolcrib.domain.rulebook import RuleBook
from toolcrib.flows.attempts import until_committed
from toolcrib.store.assets import find_asset, find_by_tags
from toolcrib.store.commit import commit
from toolcrib.store.ledger import find_applied
from toolcrib.store.rulebook import read_stamp, rule_book


def handle(asked: Asked, asset: Asset) -> Asset:
    """Create `asset` (its description and home site); returns it as this operation left it, also for a repeat.

    Raises `Invalid` (no such type or site), `AlreadyThere` (id) or `Conflict` `tag_taken`.
    """
    return until_committed(lambda: _once(asked, asset))


def _once(asked: Asked, asset: Asset) -> Asset:
    applied = find_applied(asked.org, asset.id, asked.op)
    if applied is not None:
        return replay(asset, applied)
    check(asset, rule_book(asked.org, read_stamp(asked.org)))
    if find_asset(asked.org, asset.id) is not None:
        raise AlreadyThere(detail=f"there is an asset {asset.id}", advice="Choose another id or leave it out.")
    check_tag(asked.org, asset)
    change = decide(asked, asset)
    commit(asked.org, change)
    return change.assets[0]


def decide(asked: Asked, asset: Asset) -> Change:
    """Return the change that enters an asset at its home site."""
    begun = replace(asset, custodian=Custodian.site(asset.site or ""))
    cause = Cause(op=asked.op, at=asked.at, evidence=Evidence.DECLARED, detail={"by": asked.by.actor})
    new, event = created(begun, cause)
    tags = (TagChange(tag=asset.tag, asset=asset.id, worn=True),) if asset.tag else ()
    return Change(op=asked.op, at=asked.at, assets=(new,), events=(event,), tags=tags, guard=True)


def check(asset: Asset, book: RuleBook) -> None:
    """Raise `Invalid` for a type or a site that nobody has described."""
    wrong = {} if asset.type in book.types else {"type": f"there is no asset type {asset.type}"}
    if asset.site not in book.sites:
        wrong["site"] = f"there is no site {asset.site}"
    if wrong:
        raise Invalid(detail="; ".join(wrong.values()), advice="Create it first, or name another.", fields=wrong)


def check_tag(org: str, asset: Asset) -> None:
    """Raise `Conflict` when another asset wears the tag."""
    wearer = find_by_tags(org, (asset.tag,))[asset.tag] if asset.tag else None
    if wearer is not None and wearer.id != asset.id:
        raise Conflict(
            code="tag_taken", detail=f"asset {wearer.id} wears this tag", advice="Take it off that asset first."
        )
