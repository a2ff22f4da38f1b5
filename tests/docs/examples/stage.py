"""The workplace that every section's examples begin in, and whoever taps there."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from http import HTTPStatus
from typing import Any

from chalicelib.deciding.badges import token
from infra.cli.verbs.tap import answered
from tests.docs.examples.page import Later, Reply, Request, Shown, Step, Tap
from tests.support.http import Client, enter
from tests.support.http import Reply as Answer
from tests.support.tables import BADGE_KEY
from tests.support.workplace import bank, drill, person, rules, site
from tests.support.world import Heard, World, world
from toolcrib.domain.assets import Asset, AssetType, Custodian
from toolcrib.domain.doors import Mode
from toolcrib.domain.people import Group, GroupGrant
from toolcrib.domain.policies import Match, Period, Policy
from toolcrib.store import rulebook

ANA, BEN = "04A2246B1F9080", "0A1B2C"
KEY = bytes.fromhex(BADGE_KEY)
TYPES = (
    AssetType(id="drill", name="Drill", category="tools", size="M"),
    AssetType(id="laptop", name="Laptop", category="it", size="M", replacement_value=1800),
)


def badge(uid: str) -> str:
    """Return the token of a badge number, as a bank sends it."""
    return token(uid, "1", KEY)


@dataclass
class Stage:
    """Where a section's steps are taken: what was answered last, and what a bank showed.

    `unseen` is a refusal that the page has to show.
    """

    here: World
    answer: Answer | None = None
    shown: list[str] = field(default_factory=list)
    unseen: bool = False
    last_id: str = ""

    def take(self, step: Step) -> None:
        """Take one step; raises `AssertionError` where the page says something else."""
        assert isinstance(step, Reply) or not self.unseen, f"refused, and the page does not say so: {self.answer}"
        self.unseen = False
        match step:
            case Request():
                client = Client(step.headers.get("As", "admin"), at=self.here.now)
                headers = {name: value for name, value in step.headers.items() if name != "As"}
                rulebook._kept.clear()
                self.answer = client.ask(step.method, self._named(step.path), step.body, headers=headers)
                self.unseen = self.answer.status >= HTTPStatus.BAD_REQUEST
            case Reply():
                assert self.answer is not None
                assert_within(step.fields, self.answer.json)
            case Tap():
                self.shown = []
                self._tap(step)
            case Shown():
                assert self.shown == list(step.lines)
            case Later():
                self.here.later(**step.passed)

    def _named(self, path: str) -> str:
        """Put the id of what was answered last (of its first item, for a list) into a path."""
        if "{id}" not in path:
            return path
        assert self.answer is not None
        last = self.answer.json
        self.last_id = last["items"][0]["id"] if "items" in last else last.get("id", self.last_id)
        return path.replace("{id}", self.last_id)

    def _tap(self, tap: Tap) -> None:
        hall = self.here.bank(tap.bank)
        hall.evidence = "tags"
        heard = hall.tap(badge(tap.uid))
        if heard.kind == "session":
            heard = self._choose(tap, heard)
        if heard is not None and heard.kind == "session":
            heard = self._joined(tap, heard)
        if heard is not None:
            self._show(tap, heard)

    def _choose(self, tap: Tap, session: Heard) -> Heard | None:
        options, refusals = session.body["options"], session.body["refusals"]
        self.shown += [_line(each["title"], each["note"]) for each in options]
        self.shown += [_line(each["title"], each["text"]) for each in refusals]
        wanted = tap.flags.get("--option", "1" if options else None)
        if wanted in {None, "0"}:
            return None
        typed = {
            name.removeprefix("--").replace("-", "_"): token(f"pin:{tap.flags[name]}", "1", KEY)
            for name in ("--pin", "--new-pin")
            if name in tap.flags
        }
        option = options[int(wanted or 1) - 1]
        if "authoriser" in option["needs"] and "--with" in tap.flags:
            return self._joined(tap, session, option["option"])
        terms = session.body.get("terms")
        accepted = {"terms_sha256": terms["sha256"]} if terms else {}
        said = {"answers": answered(tap.flags["--answers"])} if "--answers" in tap.flags else {}
        return self.here.bank(tap.bank).choose(session, option["option"], **typed, **accepted, **said)

    def _joined(self, tap: Tap, session: Heard, wanted: str | None = None) -> Heard:
        """Let whoever stands by tap, where a screen asks for somebody else; then what was wanted is picked."""
        hall = self.here.bank(tap.bank)
        heard = hall.tap(badge(tap.flags["--with"]), session=session.body["session"])
        if heard.kind != "session":
            return heard
        return hall.choose(heard, wanted or heard.body["options"][0]["option"])

    def _show(self, tap: Tap, heard: Heard) -> None:
        if heard.kind == "notice":
            self.shown.append(heard.body["text"])
            return
        before = self.here.door(heard.door, tap.bank)
        grant = before.grant
        assert grant is not None
        mine = [self.here.asset(part.asset).tag for part in grant.parts if grant.purpose == "return"]
        told = self.here.bank(tap.bank).does(heard, "closed", tags=mine)
        self.shown += [each.body["text"] for each in told if each.kind == "notice"]
        self.here.later(seconds=90)  # they walk away: nobody denies anything any more


def _line(title: str, text: str | None) -> str:
    return f"{title}: {text}" if text else title


def assert_within(wanted: Any, found: Any) -> None:
    """Raise unless everything the page shows is there; what it leaves out may be anything."""
    if isinstance(wanted, dict):
        assert isinstance(found, dict), found
        for name, value in wanted.items():
            assert name in found, (name, found)
            assert_within(value, found[name])
    elif isinstance(wanted, list):
        assert isinstance(found, list), found
        for each in wanted:
            assert any(_fits(each, one) for one in found), (each, found)
    else:
        assert found == wanted, (wanted, found)


def _fits(wanted: Any, found: Any) -> bool:
    try:
        assert_within(wanted, found)
    except AssertionError:
        return False
    return True


@contextmanager
def stage() -> Iterator[Stage]:
    """Open the workplace that the page describes in the beginning."""
    with world(rules=False) as here:
        rules(
            site(),
            site(id="dock", name="Dock"),
            *TYPES,
            Group(id="crew", name="Crew", grants=(GroupGrant(),)),
            Policy(id="fallback", match=Match(), period=Period(after=timedelta(hours=8))),
        )
        laptop = Asset(
            id="laptop-1",
            type="laptop",
            name="Laptop 1",
            tag="E2001001",
            site="hq",
            custodian=Custodian.site("hq"),
        )
        here.place(bank(mode=Mode.KIOSK), doors=4, stowed={1: drill(1), 2: drill(2), 3: laptop})
        here.place(
            bank(id="dock-01", site="dock", mode=Mode.KIOSK), doors=2, stowed={1: drill(3, site="dock")}, capacity=2
        )
        here.meet(person(id="ana", name="Ana Lima"), badge(ANA))
        here.meet(person(id="ben", name="Ben Roth"), badge(BEN))
        enter("admin", "admin")
        enter("ana", "self", person="ana")
        enter("sue", "supervisor", sites=("hq",), person="sue")
        here.meet(person(id="sue", name="Sue Park"))
        yield Stage(here)
