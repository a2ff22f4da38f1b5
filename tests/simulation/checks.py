"""What must hold, looked at in between and in the end (safety.md, I1 to I12, I16, I17, I19)."""

from collections.abc import Iterator
from http import HTTPStatus
from itertools import islice
from random import Random
from typing import TYPE_CHECKING, Any

from edge.config import Evidence
from tests.simulation import aftermath, proofs
from tests.support import invariants
from tests.support.workplace import is_setup
from toolcrib.domain.cases import Case, CaseKind, CaseState
from toolcrib.domain.doors import BankState
from toolcrib.domain.loans import Loan, LoanState
from toolcrib.domain.notices import UNDELIVERED
from toolcrib.domain.states import State
from toolcrib.store import items, mapping
from toolcrib.store.tables import LedgerItem, StateItem, connection

if TYPE_CHECKING:
    from tests.simulation.simulation import Simulation

LONGEST_WAIT_MS = 20 * 60_000  # an outage of a channel is over for so long: everything is out
SKEW_MS = 1_000  # a crystal that drifts


class Checks:
    """Everything there is to check of a simulation."""

    def __init__(self, here: "Simulation") -> None:
        self._here = here
        self._known: dict[Any, tuple[Any, Any]] = {}
        self._applied: dict[tuple[str, str], None] = {}
        self._streamed = 0

    def violations(self, *, drained: bool) -> list[str]:
        """Return what does not hold now; `drained` when everything had time to arrive."""
        record = invariants.record(self._items(StateItem, "state"), list(self._items(LedgerItem, "ledger")))
        self._note_states(record)
        here = self._here
        here.rights.follows()
        self._follow_alone()
        found = [*here.watches.wrong, *here.rights.wrong, *here.truth.violations(), *self._clocks(record)]
        found += proofs.violations(record)
        found += invariants.violations(record, under_way=not drained)
        if drained:
            found += [*self._answers(record), *self._notices(), *self._keys()]
            found += [*self._undelivered(), *self._forced(record), *self._at_rest(record)]
            found += aftermath.violations(here, record)
        return found

    def applied_alone(self) -> list[tuple[str, str]]:
        """Return the reports of what banks did by themselves that were applied, with their banks, in that order."""
        return list(self._applied)

    def _follow_alone(self) -> None:
        fresh = list(islice(self._here.dynamo.stream, self._streamed, None))
        self._streamed += len(fresh)
        written = (each.new for each in fresh if each.new is not None)
        places = (aftermath.place_of((new["pk"]["S"], new["sk"]["S"])) for new in written)
        self._applied |= dict.fromkeys(each for each in places if each is not None)

    def _items(self, kind: Any, table: str) -> Iterator[Any]:
        """Return a table's items; what has not changed is not parsed again, which takes a quarter of the time."""
        for key, raw in self._here.dynamo.tables[table].items.items():
            before, item = self._known.get((table, key), (None, None))
            if before is not raw:
                item = kind.from_raw_data(raw)
                self._known[table, key] = raw, item
            yield item

    def some_case(self, chance: Random) -> Case | None:
        """Return an open case by chance."""
        cases = [mapping.to_case(item) for item in self._of(items.CaseItem)]
        open_still = sorted((case for case in cases if case.state is CaseState.OPEN), key=lambda case: case.id)
        return chance.choice(open_still) if open_still else None

    def some_loan(self, chance: Random) -> Loan | None:
        """Return an open loan by chance."""
        loans = [mapping.to_loan(item) for item in self._of(items.LoanItem)]
        open_still = sorted((loan for loan in loans if loan.state is LoanState.OPEN), key=lambda loan: loan.id)
        return chance.choice(open_still) if open_still else None

    def doubted(self) -> list[str]:
        """Return the assets that are unconfirmed."""
        assets = [mapping.to_asset(item) for item in self._of(items.AssetItem)]
        return sorted(asset.id for asset in assets if asset.state is State.UNCONFIRMED)

    def _of(self, kind: type[StateItem]) -> list[Any]:
        return [item for item in self._items(StateItem, "state") if isinstance(item, kind)]

    def _note_states(self, record: invariants.Record) -> None:
        """Count what there was to be seen, however long it was: a run that never saw something never tested it."""
        tally = self._here.hub.tally
        for asset in record.assets.values():
            tally[f"state: {asset.state}"] += 1
        for loan in record.loans.values():
            tally[f"loan: {loan.state}"] = 1
            for name in ("kit", "by", "handed_from", "recalled", "renewals", "excused", "lost_at"):
                tally[f"loan: {name}"] |= bool(getattr(loan, name))
            for proof in loan.proofs:
                tally[f"proof: {proof}"] = 1
        for case in record.cases.values():
            tally[f"case: {case.kind}"] = 1
            tally[f"effect: {case.effect}"] |= case.effect is not None
        for bank in record.banks.values():
            for outage in bank.outages:
                tally[f"outage: {outage.kind}"] = 1

    def _answers(self, record: invariants.Record) -> Iterator[str]:
        """I5: success means that the event exists, a definite refusal that it never will."""
        ops = {event.op for events in record.events.values() for event in events}
        asked = self._here.admins.requests  # a key that is forgotten may be used anew, for the very same request
        made = {each.op for each in asked if each.answer is not None and each.answer.status < HTTPStatus.BAD_REQUEST}
        for request in asked:
            if request.answer is None or not request.about_custody or request.op is None:
                continue
            done = request.answer.status < HTTPStatus.BAD_REQUEST
            if done and request.op not in ops:
                yield f"I5: {request.path} was answered {request.answer.status}, there is no event {request.op}"
            if not done and request.op in ops - made:
                yield f"I5: {request.path} was refused {request.answer.text}, there is an event {request.op}"

    def _clocks(self, record: invariants.Record) -> Iterator[str]:
        """I16: whatever the banks' wall clocks say, what happened, happened between the beginning and now."""
        now_ms = self._here.hub.now_ms + SKEW_MS
        events = (event for of in record.events.values() for event in of if not is_setup(event.op))
        moments = [(f"event {event.seq} of {event.asset}", event.at) for event in events]
        moments += [(f"loan {loan.id}", loan.taken_at) for loan in record.loans.values() if loan.taken_at]
        for what, at in moments:
            if not self._here.began_ms <= at.timestamp() * 1000 <= now_ms:
                yield f"I16: {what} is said to be of {at}"

    def _keys(self) -> Iterator[str]:
        """Retention is compared, not trusted to the store: a key whose time is over is free (safety.md, *Traps*)."""
        for request in self._here.admins.requests:
            if request.answer is not None and request.answer.status == HTTPStatus.UNPROCESSABLE_ENTITY:
                yield f"TTL: {request.key} had run out, and {request.path} was answered {request.answer.text}"

    def _undelivered(self) -> Iterator[str]:
        """I10: what was due long before everything came to rest was delivered, or decided against."""
        connection()
        for item in StateItem.scan(consistent_read=True):
            notice = mapping.to_notice(item) if isinstance(item, items.NoticeItem) else None
            if notice is None or notice.state not in UNDELIVERED:
                continue
            since_ms = max(notice.due_at, notice.wake_at or notice.due_at).timestamp() * 1000
            if since_ms < self._here.hub.now_ms - LONGEST_WAIT_MS and notice.hold_until is None:
                yield f"I10: {notice.id} was due at {notice.due_at} and is {notice.state}"

    def _forced(self, record: invariants.Record) -> Iterator[str]:
        """I6: each opening without a command is one `forced` case, however often it is told."""
        told = sum(self._here.truth.forced.values())
        cases = [case for case in record.cases.values() if case.kind is CaseKind.FORCED]
        if len(cases) > told:
            yield f"I6: {told} openings were forced, there are {len(cases)} cases"

    def _notices(self) -> Iterator[str]:
        """I10: one record each, one delivery and no more than one for each lost answer."""
        channels, unrecorded = self._here.channels, self._here.cloud.unrecorded
        for notice, times in channels.heard.items():
            lost = channels.lost[notice] + unrecorded[f"notice {notice}"]
            if times > 1 + lost:
                yield f"I10: {notice} was delivered {times} times, {lost} answers were lost"

    def _at_rest(self, record: invariants.Record) -> Iterator[str]:
        """When all is quiet, nothing is in flight, and every reader's tags agree with the record (law 4)."""
        if self._here.cloud.in_flight:
            yield f"I11: {self._here.cloud.in_flight} calls are still in flight"
        for bank, station in self._here.stations.items():
            if station.pending and record.banks[bank].state is BankState.ACTIVE:
                yield f"I11: {bank} still has {station.pending}"
        for (bank, number), door in record.doors.items():
            if door.grant is not None and door.grant.live:
                yield f"I8: {bank} {number} still has the live grant {door.grant}"
        yield from self._tags(record)

    def _tags(self, record: invariants.Record) -> Iterator[str]:
        """Law 4: what a bank with a reader has told is what is on record."""
        for station in self._here.stations.values():
            if station.config.evidence is not Evidence.TAGS or record.banks[station.id].state is not BankState.ACTIVE:
                continue
            inside = {tag: door for door, tags in station.cabinet.contents.items() for tag in tags}
            for asset in record.assets.values():
                place, lies_in = asset.custodian, inside.get(asset.tag or "")
                if asset.state is State.STOWED and place.id == station.id and place.door != lies_in:
                    yield f"law 4: {asset.id} is stowed at {place}, really in door {lies_in}"
                if asset.state is State.ON_LOAN and lies_in is not None:
                    yield f"law 4: {asset.id} is on loan to {place.id}, really in door {lies_in} of {station.id}"
