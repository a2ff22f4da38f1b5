"""One transaction per change: new state, ledger events and notices together, or nothing (safety.md, I3).

Every record is conditioned on the version before it. A failed condition is a `LostRace`: the flow loads again and
decides again, and since ids are derived from the cause, a winner whose answer was lost finds its own work there.
"""

from collections import defaultdict
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

import msgspec
from pynamodb.exceptions import PynamoDBException, TransactWriteError
from pynamodb.expressions.operand import Path
from pynamodb.transactions import TransactWrite

from toolcrib.domain.assets import Asset
from toolcrib.domain.change import Change, Heard, Holdings, Remember
from toolcrib.domain.doors import GrantState
from toolcrib.domain.events import CustodyEvent
from toolcrib.domain.loans import LoanState
from toolcrib.domain.refusals import LostRace
from toolcrib.store import describing, items, keys, ledger, mapping, unchanged
from toolcrib.store.errors import code_of
from toolcrib.store.retry import patiently
from toolcrib.store.staff import mark_staff
from toolcrib.store.tables import StateItem, connection

_WHOLE = ("acceptances", "asked", "spent", "overrides")  # of a profile: each as a whole, given its version
MAX_ITEMS = 100  # DynamoDB's limit on a transaction
_CONTENDED = frozenset({"TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"})


class _Write(TransactWrite):
    """A `TransactWrite` whose token is the digest of its body.

    The same body again is the same request, another body never is, even for the same operation (safety.md, *Traps*).
    """

    def _commit(self) -> Any:
        body = (self._condition_check_items, self._delete_items, self._put_items, self._update_items)
        self._client_request_token = sha256(repr(body).encode()).hexdigest()[:36]
        return super()._commit()


def commit(org: str, change: Change) -> None:
    """Write `change`, or raise `LostRace` with nothing written.

    Contention (TransactionConflict, throttling) is retried with the same token and body, a bounded number of times.
    What changes what somebody has, and no door, is noted for the rosters: doors tell of the rest by themselves.
    """
    if change.holdings and not change.doors:
        mark_staff(org, change.at)
    patiently(lambda: _commit_once(org, change), when=contended)


def contended(error: PynamoDBException) -> bool:
    """Whether nothing is known against the change but that others were writing at the same moment."""
    codes = _reasons(error)
    in_progress = code_of(error) == "TransactionInProgressException"
    return in_progress or (bool(codes & _CONTENDED) and "ConditionalCheckFailed" not in codes)


def condition_failed(error: PynamoDBException) -> bool:
    """Whether the record was not as the change needed it."""
    return "ConditionalCheckFailed" in _reasons(error)


def _reasons(error: PynamoDBException) -> set[str]:
    reasons = getattr(error.cause, "cancellation_reasons", ())  # a connection that failed has none
    return {reason.code for reason in reasons if reason is not None}


def _commit_once(org: str, change: Change) -> None:
    try:
        with _Write(connection=connection()) as write:
            write_all(write, org, change)
    except TransactWriteError as error:
        if condition_failed(error):
            raise LostRace(detail=f"{change.op}: the record moved on") from error
        raise


def write_all(write: TransactWrite, org: str, change: Change) -> None:
    """Add everything a change writes to a transaction, each record on the condition of its version before."""
    first_seq = {event.asset: event.seq for event in reversed(change.events)}
    described = {asset.id for asset in change.described}
    for asset in change.assets:
        _asset(write, org, asset, first_seq[asset.id] - 1, described=asset.id in described)
    for item, version in _versioned(org, change):
        _put(write, item, version)
    for event in change.events:
        _event(write, org, event, guard=change.guard)
    for held in _merged(change.holdings):
        _holdings(write, org, held)
    for remembered in change.remember:
        _remember(write, org, remembered)
    if change.heard is not None:
        _heard(write, org, change.heard)
    if change.alone is not None:
        told = items.ToldAloneItem(*keys.told_alone(org, change.alone.bank, change.alone.report))
        write.save(told, condition=items.ToldAloneItem.pk.does_not_exist())
    describing.write(write, org, change)
    unchanged.write(write, org, change)


def _versioned(org: str, change: Change) -> Iterator[tuple[StateItem, int]]:
    """Yield the items that are written whole over the version before theirs."""
    yield from ((mapping.door_item(org, door), door.version) for door in change.doors)
    yield from ((mapping.loan_item(org, loan), loan.version) for loan in change.loans)
    yield from ((mapping.case_item(org, case), case.version) for case in change.cases)
    yield from ((mapping.notice_item(org, notice), notice.version) for notice in change.notices)
    yield from ((mapping.pin_item(org, pin), pin.version) for pin in change.pins)


def _event(write: TransactWrite, org: str, event: CustodyEvent, *, guard: bool) -> None:
    write.save(ledger.to_item(org, event), condition=ledger.EventItem.pk.does_not_exist())
    if guard:
        write.save(ledger.to_guard(org, event), condition=ledger.OperationItem.pk.does_not_exist())


def _put(write: TransactWrite, item: StateItem, version: int) -> None:
    kind: Any = type(item)
    write.save(item, condition=kind.pk.does_not_exist() if version == 1 else kind.version == version - 1)


def _asset(write: TransactWrite, org: str, asset: Asset, before: int, *, described: bool) -> None:
    if before == 0:
        write.save(mapping.asset_item(org, asset), condition=items.AssetItem.pk.does_not_exist())
        return
    actions: list[Any] = [
        items.AssetItem.state.set(str(asset.state)),
        items.AssetItem.custodian.set(mapping.plain(asset.custodian)),
        items.AssetItem.custody.set(mapping.asset_custody(asset)),
        items.AssetItem.version.set(asset.version),
    ]
    # nobody has described it anew meanwhile either: a door that lists it from now on says what it is like
    as_it_was = (items.AssetItem.version == before) & (items.AssetItem.revision == asset.revision - described)
    write.update(
        items.AssetItem(*keys.asset(org, asset.id)),
        actions=[*actions, *describing.actions(asset)] if described else actions,
        condition=as_it_was,
    )


def _merged(holdings: tuple[Holdings, ...]) -> list[Holdings]:
    """One transaction may name an item once: put together what concerns one person."""
    by_person: dict[str, list[Holdings]] = defaultdict(list)
    for one in holdings:
        by_person[one.person].append(one)
    return [
        Holdings(
            person=person,
            **_last_word(all_),
            last_take=next((one.last_take for one in all_ if one.last_take), None),
            last_return=next((one.last_return for one in all_ if one.last_return), None),
            **{name: _given(all_, name) for name in _WHOLE},
            late_returns=tuple(time for one in all_ for time in one.late_returns),
            remembered_late=next((one.remembered_late for one in all_ if one.remembered_late is not None), None),
            pin=next((one.pin for one in all_ if one.pin), None),
            expected_version=next((one.expected_version for one in all_ if one.expected_version is not None), None),
        )
        for person, all_ in by_person.items()
    ]


def _given(all_: list[Holdings], name: str) -> Any:
    return next((getattr(one, name) for one in all_ if getattr(one, name) is not None), None)


def _last_word(all_: list[Holdings]) -> dict[str, Any]:
    """Return what is put and removed in the end: what happens later in a change counts."""
    entries = {key: held for one in all_ for key, held in (*one.put.items(), *((loan, None) for loan in one.remove))}
    put = {key: held for key, held in entries.items() if held is not None}
    return {"put": put, "remove": tuple(key for key, held in entries.items() if held is None)}


def _holdings(write: TransactWrite, org: str, held: Holdings) -> None:
    version = items.PersonItem.version
    actions: list[Any] = [version.set(version + 1)]
    actions += [Path(["holdings", loan]).set(mapping.plain(holding)) for loan, holding in held.put.items()]
    actions += [Path(["holdings", loan]).remove() for loan in held.remove]
    whole = {name: getattr(held, name) for name in ("last_take", "last_return", "pin", *_WHOLE)}
    actions += [Path(name).set(mapping.plain(value)) for name, value in whole.items() if value is not None]
    late = items.PersonItem.late_returns
    if held.late_returns:
        actions.append(late.set((late | []).append(list(msgspec.to_builtins(held.late_returns)))))
    if held.remembered_late is not None:
        actions.append(late.set(list(msgspec.to_builtins(held.remembered_late))))
    expected = held.expected_version
    condition = items.PersonItem.pk.exists() if expected is None else version == expected
    write.update(items.PersonItem(*keys.person(org, held.person)), actions=actions, condition=condition)


def _heard(write: TransactWrite, org: str, heard: Heard) -> None:
    actions: list[Any] = []
    if heard.at is not None:
        actions += [items.BankItem.last_seen_at.set(keys.moment(heard.at)), items.BankItem.silent.set(False)]
    if heard.boot is not None:
        actions.append(items.BankItem.boot.set(heard.boot))
    if heard.firmware is not None:
        actions.append(items.BankItem.firmware.set(heard.firmware))
    if heard.seq is not None:
        seqs = Path("seqs")
        actions.append(seqs.set((seqs | []).append([list(heard.seq)])))
    write.update(items.BankItem(*keys.bank(org, heard.bank)), actions=actions, condition=items.BankItem.pk.exists())


def _remember(write: TransactWrite, org: str, remembered: Remember) -> None:
    """Note a grant in its loan's memory, once: a copy of a tap that comes late must not issue a used grant anew."""
    version, memory = items.LoanItem.version, Path(["grants", remembered.grant])
    actions: list[Any] = [version.set(version + 1), memory.set(str(GrantState.ISSUED))]
    if remembered.answered is not None:
        said = remembered.answered
        actions += [
            items.LoanItem.return_answers.set(dict(said.answers)),
            items.LoanItem.return_proofs.set(said.proofs),
        ]
    out = items.LoanItem.state.is_in(str(LoanState.OPEN), str(LoanState.PENDING))
    write.update(
        items.LoanItem(*keys.loan(org, remembered.loan)),
        actions=actions,
        condition=out & memory.does_not_exist(),
    )
