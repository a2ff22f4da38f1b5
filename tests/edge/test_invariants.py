"""Whatever happens, in whatever order, over any number of reboots: safety.md I6 to I8."""

import json
from collections import Counter, defaultdict

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from edge.actions import Action, Recorded, Unlock
from edge.doors import Phase
from edge.uploads import FINAL, Outcome
from tests.edge.rig import Rig, only, sign

DOORS = st.integers(1, 4)


class Watched(Rig):
    """A bank whose pulses and reports are counted over all its boots."""

    def __init__(self) -> None:
        super().__init__()
        self.pulsed: Counter[str] = Counter()
        self.finals: defaultdict[str, set[str]] = defaultdict(set)
        self.forced = 0
        self.signed: dict[str, tuple[int, float]] = {}

    def did(self, actions: list[Action]) -> list[Action]:
        for unlock in only(actions, Unlock):
            door, exp_s = self.signed[unlock.grant]
            assert unlock.door == door
            assert self.cloud_s < exp_s
            assert self.journal.is_used(unlock.grant), "the mark comes before the pulse"
            self.pulsed[unlock.grant] += 1
        for recorded in only(actions, Recorded):
            if recorded.report.kind == "door":
                body = json.loads(recorded.report.body)
                self.forced += body["outcome"] == Outcome.FORCED
                if body["outcome"] in FINAL:
                    self.finals[body["grant"]].add(recorded.report.id)
        return super().did(actions)


class AnyStory(RuleBasedStateMachine):
    """One bank, its cloud, its people, its thieves and its power supply."""

    def __init__(self) -> None:
        super().__init__()
        self.rig = Watched()
        self.taps: list[str] = []
        self.tokens: list[str] = []
        self.without_grant = 0
        self.connected = True
        self.rig.boot()

    @rule()
    def somebody_taps(self) -> None:
        if self.connected:
            self.taps.append(self.rig.tap())

    @rule(door=DOORS, again=st.booleans(), service=st.booleans(), arrives=st.booleans())
    def the_cloud_signs(self, door: int, again: bool, service: bool, arrives: bool) -> None:
        """A new grant, or the same one again for the latest tap, as a second tap does; it may arrive late or never."""
        jti = f"g{len(self.rig.signed) - again}"
        if jti in self.rig.signed:
            door = self.rig.signed[jti][0]
        purpose = "service" if service else "take"
        claims = self.rig.claims(self.taps[-1] if self.taps else None, jti=jti, door=door, purpose=purpose)
        self.rig.signed[jti] = (door, claims["exp"])
        self.tokens.append(sign(claims))
        if self.connected and arrives:
            self.rig.down("open", command=self.tokens[-1])

    @rule(which=st.integers(0, 50))
    def an_old_command_is_replayed(self, which: int) -> None:
        if self.tokens:
            self.rig.down("open", command=self.tokens[which % len(self.tokens)])

    @rule(late_s=st.sampled_from([1, 29, 31, 3_600]))
    def a_command_arrives_late(self, late_s: int) -> None:
        self.the_cloud_signs(door=1, again=False, service=True, arrives=False)
        self.rig.wait(late_s)
        self.rig.down("open", command=self.tokens[-1])

    @rule(key=st.binary(min_size=32, max_size=32), door=DOORS)
    def a_command_is_forged(self, key: bytes, door: int) -> None:
        before = self.rig.pulsed.total()
        self.rig.down("open", command=sign(self.rig.claims(self.taps[-1] if self.taps else None, door=door), key=key))
        assert self.rig.pulsed.total() == before

    @rule(door=DOORS)
    def a_door_swings(self, door: int) -> None:
        opens = not self.rig.seen[door].is_open
        self.without_grant += opens and self.rig.bank.doors[door].phase is Phase.CLOSED
        self.rig.move(door, is_open=opens)

    @rule(door=DOORS)
    def a_bolt_sticks(self, door: int) -> None:
        self.rig.did(self.rig.bank.on_jammed(door, self.rig.now()))

    @rule(seconds=st.sampled_from([0.5, 5, 16, 31, 61, 130, 400]))
    def time_passes(self, seconds: float) -> None:
        self.rig.wait(seconds)

    @rule(share=st.integers(1, 3), rejected=st.booleans())
    def some_reports_are_settled(self, share: int, rejected: bool) -> None:
        ids = self.rig.journal.pending()[::share]
        answer = {"rejected": [{"id": id_, "code": "x"} for id_ in ids]} if rejected else {"ids": ids}
        self.rig.down("ack", re=None, **answer)

    @rule()
    def the_network_comes_or_goes(self) -> None:
        self.connected = not self.connected
        if self.connected:
            self.rig.date(self.rig.connect())
        else:
            self.rig.bank.on_disconnected(self.rig.now())

    @rule()
    def the_power_fails(self) -> None:
        self.rig.mono_ms += 1_000
        self.connected = True
        self.rig.boot()

    @invariant()
    def no_grant_pulses_twice_or_ends_twice(self) -> None:
        assert all(pulses == 1 for pulses in self.rig.pulsed.values())
        assert all(len(reports) == 1 for reports in self.rig.finals.values())

    @invariant()
    def every_opening_without_a_grant_is_reported_once(self) -> None:
        assert self.rig.forced == self.without_grant

    def teardown(self) -> None:
        """In the end every used grant has its one final report, and nothing is left to say."""
        self.the_power_fails()
        self.rig.down("ack", re=None, ids=self.rig.journal.pending())
        assert set(self.rig.pulsed) <= set(self.rig.finals)
        assert self.rig.journal.depth() == 0


def test_no_story_breaks_the_promises_of_a_door() -> None:
    run_state_machine_as_test(AnyStory, settings=settings(max_examples=50, stateful_step_count=30, deadline=None))
