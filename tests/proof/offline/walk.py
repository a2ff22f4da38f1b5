"""A random walk: people, hands, the line, the power, clocks and rosters, in any order, from one seed."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any, Final

from edge.actions import Fetch, Send
from edge.clock import Now
from edge.config import Evidence, Mode
from edge.display import Choosing
from edge.doors import Phase
from edge.offline.dealings import LOCAL
from edge.uploads import FINAL, Choice
from tests.edge.rig import CLOUD_MS, CONFIG, EPOCH, only, sign
from tests.proof.offline.cloud import Signed
from tests.proof.offline.wall import DOORS, PEOPLE, PowerCutError, Wall

WRITES: Final = ("use", "append", "settle", "acknowledge", "date", "door", "roster", "boot", "burn")


class Clocked(Wall):
    """A wall whose clock on the wall is wrong, as somebody set it."""

    wall_off = timedelta()

    def now(self) -> Now:
        return Now(mono_ms=self.mono_ms, wall=EPOCH + timedelta(milliseconds=self.mono_ms) + self.wall_off)


class Walk:
    """One story of one bank. `acts` says how often each thing happens."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        config = replace(CONFIG, evidence=self.random.choice(list(Evidence)), mode=self.random.choice(list(Mode)))
        self.wall = Clocked(config, seed=seed)
        self.on_line = True
        self._seen = 0
        self._flying: list[Send] = []
        self._manifests: list[Signed] = []
        self._tokens: list[str] = []
        self._grants = 0
        self._jobs: dict[int, dict[str, Any]] = {}
        self.done: dict[str, int] = {}

    def goes(self, steps: int) -> None:
        """Walk, then let everything come to its end and look at what the cloud has heard."""
        self._try(self.wall.boot)
        for _ in range(steps):
            act, weight = zip(*self._acts().items(), strict=True)
            chosen = self.random.choices(act, weight)[0]
            self.done[chosen.__name__] = self.done.get(chosen.__name__, 0) + 1
            self._try(chosen)
            self._try(self._carries)
            self.wall.looks_around()
        self._ends()

    def _acts(self) -> dict[Callable[[], None], float]:
        return {
            self._taps: 10,
            self._chooses: 4,
            self._uses_hands: 14,
            self._forces: 0.4,
            self._waits: 6,
            self._line_changes: 2,
            self._power_fails: 0.4,
            self._power_will_fail: 0.6,
            self._new_roster: 3,
            self._old_manifest_comes: 0.5,
            self._command_comes: 1.5,
            self._answer_crosses_a_cut: 1,
            self._somebody_looks: 0.7,
            self._wall_clock_jumps: 0.3,
        }

    def _taps(self) -> None:
        uid = self.random.choice([uid for uids in PEOPLE.values() for uid in uids] + ["0D0001"])
        self.wall.did(self.wall.bank.on_tap(uid, self.wall.now(), joins=self.random.random() < 0.1))

    def _chooses(self) -> None:
        screen = self.wall.bank.screen
        if isinstance(screen, Choosing) and screen.session.options:
            option = self.random.choice([*(each.option for each in screen.session.options), "take:saw-1"])
            for _ in range(self.random.choice([1, 1, 2])):
                self.wall.did(
                    self.wall.bank.on_choice(Choice(session=screen.session.session, option=option), self.wall.now())
                )

    def _uses_hands(self) -> None:
        wall = self.wall
        door = self.random.choice(DOORS)
        job = wall.unlocked.get(door)
        if wall.seen[door].is_open:
            self._puts(door, job)
            if self.random.random() < 0.8:
                wall.swing(door, is_open=False)
        elif job is not None and wall.bank.doors[door].phase is Phase.UNLOCKED:
            if self.random.random() < 0.1:
                wall.did(wall.bank.on_jammed(door, wall.now()))
            else:
                wall.swing(door, is_open=True)

    def _puts(self, door: int, job: dict[str, Any] | None) -> None:
        wall, who = self.wall, (job or {}).get("who", self.random.choice(list(PEOPLE)))
        if job is None or self.random.random() < 0.15:
            return
        if job["kind"] == "take":
            wall.swap(who, door, None)
        elif job.get("asset") in wall.pockets[who]:
            wall.swap(who, door, job["asset"])

    def _forces(self) -> None:
        door = self.random.choice(DOORS)
        if not self.wall.seen[door].is_open and self.wall.bank.doors[door].phase is Phase.CLOSED:
            self.wall.unlocked.pop(door, None)
            self.wall.swing(door, is_open=True)
            thief = self.random.choice(list(PEOPLE))
            what = sorted(self.wall.pockets[thief])
            if self.random.random() < 0.5:
                self.wall.swap(thief, door, None)
            elif what:
                self.wall.swap(thief, door, self.random.choice(what))

    def _waits(self) -> None:
        self._wait(self.random.choice([0.2, 1, 1, 5, 5, 16, 16, 61, 61, 400, 1_800, 6 * 3_600]))

    def _wait(self, seconds: float) -> None:
        """Let time pass in pieces, so that what is sent can be answered in time."""
        wall, end_ms = self.wall, self.wall.mono_ms + int(seconds * 1000)
        while wall.mono_ms < end_ms:
            due_ms = wall.bank.due_at_ms()
            wall.mono_ms = min(end_ms, max(wall.mono_ms, end_ms if due_ms is None else due_ms))
            if due_ms is not None and due_ms <= wall.mono_ms:
                wall.did(wall.bank.ticks(wall.now()))
            self._carries()

    def _line_changes(self) -> None:
        self.on_line = not self.on_line
        if self.on_line:
            self.wall.connect()
            if self._manifests and self.random.random() < 0.5:
                self._promise(self._manifests[-1])
            else:
                self._new_roster()  # made before the cloud has heard what happened here
        else:
            self.wall.did(self.wall.bank.on_disconnected(self.wall.now()))

    def _power_fails(self) -> None:
        raise PowerCutError

    def _power_will_fail(self) -> None:
        self.wall.cut_at = (self.random.random() < 0.5, self.random.choice(WRITES))

    def _new_roster(self) -> None:
        if self.random.random() < 0.7:
            self._somebody_looks()
        if self.on_line:
            self._manifests.append(self.wall.cloud.signs(self.random, self.wall.cloud_ms))
            self._promise(self._manifests[-1])

    def _old_manifest_comes(self) -> None:
        if self.on_line and self._manifests:
            self._promise(self.random.choice(self._manifests))

    def _promise(self, signed: Signed) -> None:
        self.wall.down("roster", manifest=signed.manifest())

    def _command_comes(self) -> None:
        """A command for the last tap, fresh or seen before, or for nobody."""
        if not self.on_line:
            return
        wall = self.wall
        taps = [send.id for send in only(wall.all[-400:], Send) if send.kind == "tap"]
        door, purpose = self.random.choice(DOORS), self.random.choice(["take", "return"])
        self._grants += 1
        claims = wall.claims(taps[-1] if taps else None, jti=f"g{self._grants}", door=door, purpose=purpose)
        self._tokens.append(sign(claims))
        chosen = self._tokens[-1] if self.random.random() < 0.6 else self.random.choice(self._tokens[-5:])
        actions = wall.down("open", command=chosen)
        for opened in wall.pulses(actions):
            who = self.random.choice(list(PEOPLE))
            asset = next(iter(sorted(wall.pockets[who])), None)
            wall.unlocked[opened] = {"kind": purpose, "who": who, "asset": asset}

    def _answer_crosses_a_cut(self) -> None:
        """Somebody taps, the line goes, others are served meanwhile; it comes back, and with it the answer."""
        if self.on_line and not self.wall.bank.offline:
            self._taps()
            self._line_changes()
            self._taps()
            self._uses_hands()
            self._line_changes()
            self._command_comes()

    def _somebody_looks(self) -> None:
        """An inspection, once the cloud has heard everything: what lies where, and who has what, is known again."""
        wall = self.wall
        if self.on_line and not wall.bank.offline and not wall.journal.depth():
            wall.cloud.looks(wall.inside, wall.pockets)

    def _wall_clock_jumps(self) -> None:
        self.wall.wall_off = timedelta(days=self.random.randint(-400, 400))

    def _carries(self) -> None:
        """Take what was sent to the cloud and back; some of it is lost, doubled, or comes another time."""
        while self._seen < len(self.wall.all):
            action = self.wall.all[self._seen]
            self._seen += 1
            if isinstance(action, Send) and self.on_line:
                self._flying.append(action)
            if isinstance(action, Fetch) and self.on_line:
                self._fetches(action)
        waiting, self._flying = self._flying, []
        for send in waiting:
            fate = self.random.random()
            if fate < 0.1:
                continue  # lost
            if fate < 0.15 and "seq" in json.loads(send.payload):
                self._flying.append(send)  # another time
                continue
            self._arrives(send)
            if fate > 0.95:
                self._arrives(send)

    def _arrives(self, send: Send) -> None:
        told, wall = json.loads(send.payload), self.wall
        if send.kind == "time" and self.on_line:
            wall.down("time", time=sign({"nonce": told["nonce"], "now": CLOUD_MS + wall.mono_ms}))
        elif send.kind == "fetch" and self.on_line:
            wall.down("fetch", re=send.id, url="https://bucket.example/roster")
        elif "seq" in told:
            wall.tells(told)
            if self.on_line and self.random.random() < 0.9:
                rejected = self.random.random() < 0.03
                answer = {"rejected": [{"id": send.id, "code": "x"}]} if rejected else {"ids": [send.id]}
                wall.down("ack", re=None, **answer)

    def _fetches(self, fetch: Fetch) -> None:
        """What lies there is the newest body, whatever was promised."""
        found = self.random.random()
        body = self._manifests[-1].raw if found < 0.9 else None if found < 0.95 else b"[]"
        self.wall.did(self.wall.bank.on_fetched(fetch.sha256, body, self.wall.now()))

    def _try(self, do: Callable[[], Any]) -> None:
        """Do something; where the power goes, boot again, and again if need be."""
        try:
            do()
        except PowerCutError:
            self.wall.cut_at = None
            self.on_line = False
            self._flying = [send for send in self._flying if self.random.random() < 0.5]
            self._seen = len(self.wall.all)
            self.wall.mono_ms += self.random.choice([500, 60_000, 3_600_000])
            for door in [door for door in DOORS if not self.wall.seen[door].is_open]:
                self.wall.unlocked.pop(door, None)
            if self.random.random() < 0.1:
                self.wall.cut_at = (True, "boot")
            self._try(lambda: self.wall.boot(connect=False))
            self.wall.looks_around()

    def _ends(self) -> None:
        """A good day: power, a line that loses nothing, shut doors; then everything must have been told, in order."""
        wall, self.random = self.wall, _Calm()
        wall.cut_at = None
        for door in DOORS:
            if wall.seen[door].is_open:
                wall.swing(door, is_open=False)
        self._wait(200)
        if not self.on_line:
            self._line_changes()
        self._carries()
        for _ in range(10_000):
            if not wall.journal.pending():
                break
            self._wait(1)
        assert wall.journal.depth() == 0, "something is never told"
        assert not wall.bank.offline, "a bank that has told everything is on line"
        self._judges()

    def _judges(self) -> None:
        wall = self.wall
        heard = [report["id"] for report in wall.cloud.heard if "offline" in report]
        in_order = sorted((place, id_) for id_, place in wall.written.items() if place[2])
        assert heard == [id_ for _, id_ in in_order], "offline reports came in another order than they happened"
        assert wall.written.keys() <= wall.cloud.known_ms.keys(), "a report was lost"
        ends = sum(report["outcome"] in FINAL for report in wall.cloud.heard if "offline" in report)
        marks = sum(grant.startswith(LOCAL) for grant in wall.marked)
        assert ends == marks, "an opening has no end, or two"


class _Calm(Random):
    """Chance on a good day: nothing is lost, nothing doubled."""

    def random(self) -> float:
        return 0.5
