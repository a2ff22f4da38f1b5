"""What the simulation holds every take to, tried with what must not have been committed."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest

from tests.simulation import proofs, rules, workplace
from tests.simulation.hub import Hub
from tests.simulation.rights import Rights
from tests.support import invariants
from tests.support.http import tables_at_hand
from tests.support.loans import taken
from tests.support.workplace import NOW, ORG
from toolcrib.domain.assets import Custodian
from toolcrib.domain.people import Certification, Holding, LastTake, ManualBlock, Override
from toolcrib.domain.record import replace
from toolcrib.domain.states import State
from toolcrib.send import slow_hash
from toolcrib.store import mapping
from toolcrib.store.assets import load_asset
from toolcrib.store.people import load_person


@pytest.fixture
def rights() -> Iterator[Rights]:
    with tables_at_hand() as dynamo, patch.multiple(slow_hash, MEMORY_KIB=8, ITERATIONS=1):
        workplace.prepare()
        found = Rights(Hub(1, 0, moved=lambda _: None), dynamo)
        found.begin()
        yield found


def held(kind: str, number: int, **more: Any) -> Holding:
    given = {"asset": f"{kind}-{number}", "type": kind, "name": "It", "state": "open", "bank": "hq-01", "site": "hq"}
    return Holding(**{**given, "door": 1, "since": NOW, "until": NOW + timedelta(hours=1), **more})


def write(person: str, **more: Any) -> None:
    now = load_person(ORG, person)
    mapping.person_item(ORG, replace(now, **more, version=now.version + 1)).save()


def given(rights: Rights, *holdings: Holding, **more: Any) -> str:
    """Return what is wrong about the last of these being given to the first person."""
    before = {f"g{number}": each for number, each in enumerate(holdings[:-1])}
    write("p-1", holdings=before, **more)
    rights.wrong.clear()
    write("p-1", holdings={**before, "new": holdings[-1]}, overrides={})
    return "".join(each.partition(":")[0] for each in rights.wrong)


def test_what_the_rules_allow_is_fine(rights: Rights) -> None:
    assert given(rights, held("drill", 1), held("drill", 10)) == ""
    assert rights.hub.tally["loan begun"] == 2


@pytest.mark.parametrize(
    ("holdings", "more", "wrong"),
    [
        ([held("laptop", 4), held("laptop", 3)], {}, "allowance_reached"),
        ([held("drill", 6, site="dock"), held("drill", 1), held("drill", 8)], {}, "allowance_reached"),
        ([held("saw", 11), held("laptop", 3)], {}, "pair_conflict"),
        ([held("drill", 1, lost_since=NOW), held("drill", 10)], {}, "blocked"),
        ([held("drill", 1, blocks_from=NOW - timedelta(seconds=1)), held("drill", 10)], {}, "blocked"),
        ([held("drill", 1)], {"blocks": {"b": ManualBlock(since=NOW, by="admin", reason="r")}}, "blocked"),
        ([held("drill", 1)], {"active": False}, "row 1"),
        ([held("laptop", 3)], {"certifications": {"esd": Certification(valid_until=NOW)}}, "certification_expired"),
        ([held("laptop", 3)], {"certifications": {}}, "certification_missing"),
    ],
)
def test_what_nobody_may_be_given_is_noticed(rights: Rights, holdings: list[Holding], more: Any, wrong: str) -> None:
    assert given(rights, *holdings, **more) == wrong


def test_a_badge_cannot_take_things_at_two_sites_at_once(rights: Rights) -> None:
    write("p-1", last_take=LastTake(site="hq", at=NOW))
    write("p-1", last_take=LastTake(site="dock", at=NOW + timedelta(minutes=5)))
    assert rights.wrong == []
    write("p-1", last_take=LastTake(site="hq", at=NOW + timedelta(minutes=9)))
    assert len(rights.wrong) == 1


def test_what_locks_out_what_is_given_has_to_be_in(rights: Rights) -> None:
    first, second = rules.LOCKOUT
    asset = load_asset(ORG, second)
    out = replace(asset, state=State.ON_LOAN, custodian=Custodian.person("p-2"), version=asset.version + 1)
    mapping.asset_item(ORG, out).save()
    assert given(rights, held("drill", int(first[-1]))) == "pair_conflict"


def test_an_override_that_is_used_up_with_it_is_a_reason(rights: Rights) -> None:
    over = Override(
        code="allowance_reached",
        by="p-6",
        reason="r",
        reason_sha256="h",
        since=NOW,
        until=NOW + timedelta(hours=1),
        asset_type="laptop",
        site="hq",
    )
    assert given(rights, held("laptop", 4), held("laptop", 3), overrides={"o": over}) == ""


def test_reality_may_be_more_than_the_rules_allow(rights: Rights) -> None:
    """A loan that was void and is open after all was not decided anew."""
    one, other = held("laptop", 4), held("laptop", 3)
    write("p-1", holdings={"void": one})
    write("p-1", holdings={"other": other})
    rights.wrong.clear()
    write("p-1", holdings={"other": other, "void": one})
    assert rights.wrong == []


def test_a_laptop_without_what_proves_its_take_is_noticed() -> None:

    lent = taken(type="laptop", bank="hq-01", proofs={"terms": "x", "second_factor": "pin"})

    assert list(proofs.violations(only(lent))) == []
    for proof in lent.proofs:
        less = replace(lent, proofs={name: value for name, value in lent.proofs.items() if name != proof})
        assert any(proof in each for each in proofs.violations(only(less)))
    alone = replace(lent, bank="dock-01", proofs={"terms": "x", "authorisers": lent.person})
    assert any("themself" in each for each in proofs.violations(only(alone)))
    for_another = replace(lent, by="p-9")
    assert any("identities" in each for each in proofs.violations(only(for_another)))


def only(*loans: Any) -> invariants.Record:
    nothing: Any = {}
    by_id = {each.id: each for each in loans}
    return invariants.Record(
        assets=nothing,
        banks=nothing,
        doors=nothing,
        loans=by_id,
        people=nothing,
        cases=nothing,
        raw=nothing,
        events=nothing,
        guards=frozenset(),
    )
