"""From what is proven to what the record will say: doubts, then doors, loans, and people's summaries."""

from toolcrib.domain.assets import Asset, Custodian, CustodianKind
from toolcrib.domain.cross_checking import RUNNING
from toolcrib.domain.doors import IN_REPAIR, LASTING, UNRESOLVED, Content, Door, Grant, GrantState, Purpose
from toolcrib.domain.ids import last_seen
from toolcrib.domain.ladder import aimed
from toolcrib.domain.loans import Loan, LoanState
from toolcrib.domain.people import Holding
from toolcrib.domain.rebuilding.loans import settled
from toolcrib.domain.rebuilding.plan import Place, Plan
from toolcrib.domain.rebuilding.proving import Claim
from toolcrib.domain.record import replace
from toolcrib.domain.reports.contents import PAUSE
from toolcrib.domain.reports.lending import holding
from toolcrib.domain.states import State


def decide(plan: Plan) -> None:
    """Complete a plan whose proven assets, doors, loans and spans are known."""
    for asset_id, proven in plan.proven.items():
        if proven.asset.version == 0:
            plan.begin(proven.asset, proven.claim)
        else:
            plan.assets[asset_id] = proven.asset
        if proven.claim is not None:
            plan.doubt(asset_id, proven.claim)
    _claimed_by_loans(plan)
    _crowded(plan)
    _tags(plan)
    inside = plan.inside()
    for place in {*plan.doors, *inside, *plan.doubted}:
        plan.doors[place] = _door(plan, place, inside.get(place, []))
    for loan in list(plan.loans.values()):
        _loan(plan, loan)
    _last_seen(plan)


def _claimed_by_loans(plan: Plan) -> None:
    """A loan that is open, or over, without an event that says so: its asset may be with that person, or back."""
    for loan in sorted(plan.loans.values(), key=lambda loan: loan.id):
        asset, span = plan.assets.get(loan.asset), plan.spans.get(loan.id)
        if asset is None or span is None:
            continue
        if loan.state is LoanState.OPEN and span.first is None and asset.loan is None:
            who = Custodian.person(loan.person)
            plan.doubt(
                asset.id, Claim(custodian=who, loan=loan.id, code="loan", why=f"loan {loan.id} is open by no event")
            )
        elif loan.state not in RUNNING and asset.loan == loan.id:
            plan.doubt(
                asset.id,
                Claim(custodian=asset.custodian, loan=loan.id, code="loan", why=f"loan {loan.id} ended by no event"),
            )


def _crowded(plan: Plan) -> None:
    """Two things in a door for one: what came last is there, the other was (safety.md, I1)."""
    for place, there in plan.inside().items():
        door = plan.doors.get(place)
        for asset in there[door.capacity if door else 1 :]:
            why = f"{place[0]}, door {place[1]} holds something that came later"
            plan.doubt(asset.id, Claim(custodian=asset.custodian, loan=None, code="crowded", why=why))


def _tags(plan: Plan) -> None:
    """Let each tag be worn once: by whom it led to, else by the first."""
    worn: dict[str, str] = {}
    wearers = [asset for asset in plan.assets.values() if asset.tag]
    for asset in sorted(wearers, key=lambda asset: (plan.tags.get(asset.tag or "") != asset.id, asset.id)):
        if worn.setdefault(asset.tag or "", asset.id) != asset.id:
            plan.notes.append(f"asset {asset.id}: its tag {asset.tag} is on {worn[asset.tag or '']}; give it another")
            plan.assets[asset.id] = replace(asset, tag=None)
    plan.tags = worn


def _door(plan: Plan, place: Place, there: list[Asset]) -> Door:
    known = plan.doors.get(place)
    if known is None:
        plan.notes.append(f"{place[0]}, door {place[1]}: lost; entered again with size M, set its size and features")
    door = known or Door(bank=place[0], number=place[1], unlendable=UNRESOLVED)
    contents = tuple(Content.of(asset, plan.since(asset.id)) for asset in reversed(there))
    unlendable = None if door.unlendable == IN_REPAIR else door.unlendable
    if any(asset.state is State.IN_REPAIR for asset in there):
        unlendable = unlendable or IN_REPAIR
    grant = _grant(plan, door, there)
    gave_up = grant is not None and door.grant is not None and door.grant.live and grant.state is GrantState.UNRESOLVED
    if (place in plan.doubted or gave_up) and unlendable not in LASTING:
        unlendable = UNRESOLVED
    now = replace(door, contents=contents, unlendable=unlendable, grant=grant)
    return door if now == door else replace(now, version=door.version + 1)


def _grant(plan: Plan, door: Door, there: list[Asset]) -> Grant | None:
    """A live grant stays while what it is about is still before it; else it was used, or nobody knows."""
    grant = door.grant
    if grant is None or not grant.live or grant.purpose is Purpose.SERVICE:
        return grant
    named = {part.asset for part in grant.parts}
    inside = [asset for asset in there if asset.id in named]
    if grant.purpose is Purpose.TAKE:
        loans = [plan.loans.get(part.loan or "") for part in grant.parts]
        waits = all(loan is not None and loan.state is LoanState.PENDING for loan in loans)
        if len(inside) == len(named) and waits:
            return grant
        spans = [plan.spans.get(part.loan or "") for part in grant.parts]
        used = any(span is not None and span.taken is not None for span in spans)
    else:
        used = any(plan.since(asset.id) >= grant.authorised_at for asset in inside)
        if not used:
            return grant
    return replace(grant, state=GrantState.USED if used else GrantState.UNRESOLVED, over_at=plan.at)


def _loan(plan: Plan, loan: Loan) -> None:
    """Set a loan to what its asset says, and its person's summary to what the loan says."""
    asset = plan.assets.get(loan.asset)
    door = plan.doors.get((loan.bank, loan.door))
    grant = door.grant if door is not None else None
    locked = grant is not None and grant.live and grant.id == loan.begun_by and loan.state is LoanState.PENDING
    now = loan if locked and asset is not None else settled(loan, asset, plan.spans.get(loan.id), plan.at)
    if now.state is LoanState.OPEN and loan.asset in plan.events:  # its holder may be innocent: they are left in peace
        now = aimed(replace(now, paused_until=plan.at + PAUSE))
    plan.loans[loan.id] = now if now == loan else replace(now, version=loan.version + 1)
    if now.state in RUNNING and asset is not None:
        state = str(
            LoanState.OPEN if now.state is LoanState.OPEN else LoanState.PENDING if locked else State.UNCONFIRMED
        )
        held = holding(now, asset, state)
        until = grant.expires_at if locked and grant is not None else held.until
        lost = plan.since(asset.id) if asset.state is State.LOST and now.state is LoanState.OPEN else None
        plan.holdings[now.person][now.id] = replace(held, type=asset.type, until=until, lost_since=lost)


def _last_seen(plan: Plan) -> None:
    """What is unconfirmed and out on no loan stands in the summary of whom it was last seen with."""
    for asset in plan.assets.values():
        who = asset.custodian
        if asset.state is State.UNCONFIRMED and asset.loan is None and who.kind is CustodianKind.PERSON and who.id:
            since = plan.since(asset.id)
            plan.holdings[who.id][last_seen(asset.id)] = Holding(
                asset=asset.id,
                type=asset.type,
                name=asset.name,
                tag=asset.tag,
                state=str(State.UNCONFIRMED),
                bank="",
                door=0,
                site=asset.site or "",
                since=since,
                until=since,
            )
