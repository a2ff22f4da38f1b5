"""A person says at the bank that something is broken: a case; what is broken is not lent until it is well."""

from msgspec.structs import replace as changed

from toolcrib.domain.cases import CaseKind
from toolcrib.domain.doors import QUARANTINED, Bank
from toolcrib.domain.draft import Draft
from toolcrib.domain.ids import derived
from toolcrib.domain.reported_faults import reported
from toolcrib.domain.upkeep import Condition
from toolcrib.flows.attempts import until_committed
from toolcrib.flows.bank_alarm import draft_for, heard
from toolcrib.flows.deciding import commit_and_alert
from toolcrib.flows.fault_binding import UNBOUND, of_grant, of_session
from toolcrib.flows.turning_away import standing_bank, turn_away
from toolcrib.send.bank_words import notice
from toolcrib.send.banks import acknowledge, publish
from toolcrib.send.words.reader import reader_of
from toolcrib.store.assets import find_asset
from toolcrib.store.banks import find_door
from toolcrib.store.cases import find_case
from toolcrib.store.rulebook import rule_book
from toolcrib.store.standings import load_standing
from toolcrib.telemetry import count, record
from toolcrib.wire.arrivals import Arrival
from toolcrib.wire.downs import UploadShown
from toolcrib.wire.uploads import Fault


def handle(arrived: Arrival[Fault]) -> None:
    """Keep a fault report as a case. What it is about has to exist; what people wrote stays in the case."""
    bank = standing_bank(arrived)
    if bank is None:
        return
    body = arrived.body
    door = next((door for door in bank.doors if door.number == body.door), None)
    unknown_door = body.door is not None and door is None
    if unknown_door or (body.asset is not None and find_asset(arrived.org, body.asset) is None):
        turn_away(arrived, bank, "unknown_door" if unknown_door else "unknown_asset")
        return
    case, language = until_committed(lambda: _open(arrived, bank))
    acknowledge(arrived.org, arrived.bank, body.id)
    if body.photo:
        _ask_for_photo(arrived, bank, case, language)
    count("Faults", severity=body.severity)
    record("fault", org=arrived.org, bank=arrived.bank, op=body.id, outcome=body.severity)


def _open(arrived: Arrival[Fault], bank: Bank) -> tuple[str, str | None]:
    """Return the case that is open about it now, and the language of whoever reported it, where that is known."""
    body = arrived.body
    draft = draft_for(arrived, bank)
    case = case_of(draft)
    known = find_case(arrived.org, case)
    if known is not None:  # a repeat
        return case, None
    bound = of_grant(arrived, bank)
    asset = body.asset or bound.asset
    standing = None if asset is None else load_standing(arrived.org, asset)
    if bound is UNBOUND:
        bound = of_session(arrived, bank, standing)
    draft.open_case(
        CaseKind.FAULT,
        case_id=case,
        asset=asset,
        door=body.door,
        person=bound.person,
        loan=bound.loan,
        grant=bound.grant,
        severity=Condition(body.severity),
        answers={key: value for key, value in (body.answers or {}).items() if value is not None},
        detail=f"{body.severity}: {body.text}" if body.text else body.severity,
    )
    door = find_door(arrived.org, arrived.bank, body.door) if body.door is not None else None
    if door is not None and body.severity == "critical":
        draft.door(door, unlendable=QUARANTINED)  # nobody is sent to a broken door; what is in flight there goes on
    change = draft.change(heard=heard(arrived))
    if standing is not None:
        change = reported(change, standing, Condition(body.severity), case)
    commit_and_alert(arrived.org, change)
    return case, bound.language


def case_of(draft: Draft) -> str:
    """Return the id of the case that a fault report opens, however often it arrives."""
    return derived("case", str(CaseKind.FAULT), draft.cause.bank or "", draft.cause.op, "")


def _ask_for_photo(arrived: Arrival[Fault], bank: Bank, case: str, language: str | None) -> None:
    """Tell the bank where the photo goes. A repeat of the report is told again: the same place, for minutes more."""
    from toolcrib.store.photos import upload_form  # a client of S3 is slow to make, and most reports need none

    form = upload_form(arrived.org, case, derived("photo", arrived.body.id), arrived.body.photo_type)
    reader = reader_of(language, rule_book(arrived.org).sites.get(bank.site), arrived.received)
    told = notice(arrived.body.id, "info", "photo_wanted", {}, reader)
    shown = UploadShown(url=form.url, fields=dict(form.fields))
    publish(arrived.org, arrived.bank, changed(told, upload=shown))
