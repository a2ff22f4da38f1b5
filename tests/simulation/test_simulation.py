"""A workplace under every fault, from some seeds (safety.md, G1). The long form takes a thousand."""

import pytest

from chalicelib.deciding.enrolment import revoked
from tests.simulation import campaign
from tests.simulation.plan import plan
from tests.simulation.shrink import Shrinker
from tests.simulation.simulation import Broken, Simulation
from tests.support import invariants
from tests.support.workplace import ORG, TOKEN, bank, drill, person
from tests.support.world import world
from toolcrib.store.commit import commit

EVENTS = 700
SEEDS = range(1, 13)
FOUND = (205, 734, 920)
"""Seeds of the long form that broke once; what broke is a test of its own as well, since a new act changes a story."""
LONG = 1_100  # how many events the long form plans


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_breaks_the_record(seed: int) -> None:
    done = campaign.one(seed, EVENTS)
    assert done.broken is None, Shrinker(seed, EVENTS).shortest()
    assert done.events > EVENTS / 4
    assert done.tally["loan begun"] > 0


@pytest.mark.parametrize("seed", FOUND)
def test_what_broke_once_does_not_break_again(seed: int) -> None:
    assert campaign.one(seed, LONG).broken is None, Shrinker(seed, LONG).shortest()


def test_a_grant_that_ended_with_its_bank_has_to_be_told_in_the_end() -> None:
    with world(check=False) as here:
        here.place(bank(), stowed={1: drill()})
        here.meet(person(), TOKEN)
        grant = here.bank("hq-01").tap().grant
        commit(ORG, revoked(here.bank_record(), op="revoke", at=here.now))
        record = invariants.read()
        assert list(invariants.violations(record, under_way=True)) == []
        found = list(invariants.violations(record))
    assert found == [f"told: ('hq-01', 1) was given up with {grant}, and nobody was told"]


def test_the_same_seed_tells_the_same_story() -> None:
    assert campaign.one(3, 300) == campaign.one(3, 300)


def test_another_seed_tells_another_story() -> None:
    assert campaign.one(3, 300).fingerprint != campaign.one(4, 300).fingerprint


def test_a_broken_invariant_is_told_with_its_seed_and_the_acts_that_it_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(invariants, "violations", lambda record, **_: ["I0: a loan"] if record.loans else [])
    story = Shrinker(2, 200).shortest()
    assert story is not None
    assert (story.seed, story.broken) == (2, "I0: a loan")
    assert len(story.acts) <= 2
    assert str(story.acts[-1]) in str(story)


def test_the_record_is_looked_at_after_the_last_act_too(monkeypatch: pytest.MonkeyPatch) -> None:
    here = Simulation(1, plan(1, 100)[:1])
    monkeypatch.setattr(invariants, "violations", lambda _, **__: ["I0: late"] if here.ends else [])
    with pytest.raises(Broken, match="I0: late"):
        here.run()
