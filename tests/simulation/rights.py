"""What no take may pass, looked at in the moment it is committed, however many race for it (rules.md, rows 1 to 9).

The table's stream tells every write of a profile in its order. Where one begins a loan somebody decided so, and the
profile as it was written has to allow it: what the hardware reported may be more than that, a decision may not.
"""

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

from tests.simulation import rules
from tests.simulation.hub import Hub
from tests.support.dynamo import Dynamo
from tests.support.workplace import ORG
from toolcrib.domain.doors import Door, Purpose
from toolcrib.domain.ids import loan_of
from toolcrib.domain.judges.badge import PLAUSIBLE_TRAVEL
from toolcrib.domain.pairing import AT_HOME
from toolcrib.domain.people import Holding, Person, entitled
from toolcrib.domain.states import State
from toolcrib.store import keys, mapping
from toolcrib.store.items import AssetItem, DoorItem, PersonItem

Raw = Mapping[str, Any]


@dataclass
class Rights:
    """Follows the stream. `wrong` is what must not have been committed.

    `alone` are the reports of what banks did by themselves: nobody decided that here (`alone.py` looks at it).
    """

    hub: Hub
    dynamo: Dynamo
    alone: Container[str] = ()
    wrong: list[str] = field(default_factory=list)
    _read: int = 0
    _begun: set[str] = field(default_factory=set)
    _latest: dict[tuple[str, str], Raw] = field(default_factory=dict)

    def begin(self) -> None:
        """Follow from now on what is written."""
        self.follows()
        self.dynamo.after.insert(0, lambda *_: self.follows())

    def follows(self) -> None:
        """Look at what was written since the last time."""
        fresh = list(islice(self.dynamo.stream, self._read, None))
        self._read += len(fresh)
        for record in fresh:
            new = record.new
            if new is None:
                continue
            self._latest[new["pk"]["S"], new["sk"]["S"]] = new
            if new["sk"]["S"] == "PROFILE" and record.old is not None:
                before, now = (mapping.to_person(PersonItem.from_raw_data(raw)) for raw in (record.old, new))
                self._look(before, now)

    def in_the_clear(self, person: str, at: datetime) -> bool:
        """Whether somebody may take things at any site: nothing of their own and no other site stands against it."""
        raw = self.dynamo.tables["state"].items[keys.person(ORG, person)]
        who = mapping.to_person(PersonItem.from_raw_data(raw))
        last = who.last_take
        return entitled(who, at) and not who.blocks and (last is None or at - last.at >= PLAUSIBLE_TRAVEL)

    def _look(self, before: Person, now: Person) -> None:
        last, new = before.last_take, now.last_take
        if last is not None and new is not None and last.site != new.site and abs(new.at - last.at) < PLAUSIBLE_TRAVEL:
            self.wrong.append(f"badge_elsewhere: {now.id} took things at {last} and at {new}")
        for key in now.holdings.keys() - before.holdings.keys():
            if loan_of(key) is None or key in self._begun:
                continue
            self._begun.add(key)
            if key in self.alone:
                self.hub.tally["loan begun alone"] += 1
                continue
            spent = {each.code for id_, each in before.overrides.items() if id_ not in now.overrides}
            self.hub.tally["loan begun"] += 1
            for code, what in self._against(now, key, now.holdings[key]):
                if code not in spent:
                    self.wrong.append(f"{code}: {now.id} was given {key}: {what}")
                self.hub.tally[f"in spite of: {code}"] += 1

    def _against(self, person: Person, key: str, new: Holding) -> Iterator[tuple[str, str]]:
        if not entitled(person, new.since):
            yield "row 1", f"not entitled at {new.since}: {person}"
        yield from (("blocked", what) for what in _blocks(person, key, new.since))
        yield from _lacks(person, new)
        yield from (("allowance_reached", what) for what in _too_many(person, new))
        yield from (("pair_conflict", what) for what in (*_exclusive(person, new), *self._locked_out(key, new)))

    def _locked_out(self, key: str, new: Holding) -> Iterator[str]:
        if new.asset not in rules.LOCKOUT:
            return
        (other,) = set(rules.LOCKOUT) - {new.asset}
        asset = mapping.to_asset(AssetItem.from_raw_data(self._raw(keys.asset(ORG, other))))
        place = asset.custodian
        door = None if place.door is None else self._door(place.id or "", place.door)
        grant = None if door is None else door.grant
        leaves = grant is not None and grant.live and grant.purpose is not Purpose.RETURN and grant.id != key
        if asset.state not in AT_HOME and (leaves or asset.state is not State.STOWED):
            yield f"{other} is {asset.state} with {asset.custodian}, {grant}"

    def _door(self, bank: str, number: int) -> Door:
        return mapping.to_door(DoorItem.from_raw_data(self._raw(keys.door(ORG, bank, number))))

    def _raw(self, key: tuple[str, str]) -> Any:
        return self._latest[key]


def _blocks(person: Person, key: str, at: datetime) -> Iterator[str]:
    yield from (str(each) for each in person.blocks.values() if each.until is None or at < each.until)
    for loan, held in person.holdings.items():
        late = held.blocks_from is not None and at > held.blocks_from
        if loan != key and (late or held.lost_since is not None):
            yield f"{loan} is out: {held}"


def _lacks(person: Person, new: Holding) -> Iterator[tuple[str, str]]:
    name = rules.CERTIFICATIONS.get(new.type)
    if name is None:
        return
    has = person.certifications.get(name)
    if has is None:
        yield "certification_missing", name
    elif has.valid_until is not None and new.since >= has.valid_until:
        yield "certification_expired", f"{name}: {has}"


def _too_many(person: Person, new: Holding) -> Iterator[str]:
    loans = [each for loan, each in person.holdings.items() if loan_of(loan) is not None]
    for about, most in rules.CEILINGS:
        if _fits(about, new) and (count := sum(_fits(about, each) for each in loans)) > most:
            yield f"{count} of at most {most} of {dict(about) or 'everything'}"


def _fits(about: Mapping[str, str], held: Holding) -> bool:
    return all(getattr(held, name) == value for name, value in about.items())


def _exclusive(person: Person, new: Holding) -> Iterator[str]:
    if new.type in rules.EXCLUSIVE:
        others = [each for each in person.holdings.values() if each.type in rules.EXCLUSIVE and each.type != new.type]
        yield from (f"{other.asset} is held" for other in others)
