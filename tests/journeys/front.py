"""Somebody in front of a simulated bank: its kiosk in a real browser, its doors and its reader by hand."""

import secrets
from typing import Any

import httpx
from playwright.sync_api import Page, expect

from infra.local import programs
from tests.journeys.asking import eventually, toolcrib
from tests.journeys.corner import Corner, Person
from tests.journeys.sight import Thing
from tests.support.kiosk_scenes import screen
from tests.support.player import PATIENCE_S

DOORS = 4
TRIES = 3  # a function that is cold on a busy machine may answer later than a bank waits
NO_ANSWER = "No answer came"
IDLE = "Hold your badge to the reader"


class Front:
    """A new bank of a corner with a kiosk, as `toolcrib bank add` makes one, and its screen."""

    def __init__(self, corner: Corner, page: Page) -> None:
        self.bank, self.page, self._corner = f"b-{secrets.token_hex(4)}", page, corner
        made = ("--site", corner.site, "--doors", str(DOORS), "--evidence", "tags", "--mode", "kiosk")
        toolcrib(corner.home, "bank", "add", self.bank, *made)
        page.set_default_timeout(PATIENCE_S * 1000)
        expect.set_options(timeout=PATIENCE_S * 1000)  # longer than before a kiosk alone
        base = programs.panel_url(corner.home)
        self._panel = httpx.Client(base_url=base, timeout=PATIENCE_S, trust_env=False)
        eventually(lambda: self.state()["ready"])
        page.goto(f"{base}/kiosk/{self.bank}/")
        self.sees("idle")

    def close(self) -> None:
        """Switch the bank off."""
        self._panel.delete(f"/banks/{self.bank}").raise_for_status()
        self._panel.close()

    def thing(self, kind: str, door: int) -> Thing:
        """Return a new thing that lies in a door, on record and in fact."""
        thing = self._corner.thing(kind, self, door)
        self._post(f"/banks/{self.bank}/contents", {str(door): [thing.tag]})
        return thing

    def state(self) -> dict[str, Any]:
        """Return what can be seen of the bank from outside."""
        banks = self._panel.get("/banks").raise_for_status().json()["banks"]
        return next(dict(each) for each in banks if each["bank"] == self.bank)

    def sees(self, name: str, heading: str | None = None) -> None:
        """Wait until the kiosk shows a screen, and what is written on it."""
        screen(self.page, name)
        if heading is not None:
            expect(self.page.get_by_role("heading", level=1)).to_have_text(heading)

    def reads(self, text: str) -> None:
        """Wait until the kiosk says something."""
        expect(self.page.get_by_text(text).first).to_be_visible()

    def taps(self, person: Person) -> None:
        """Hold a badge to the reader; again, as the screen asks, where no answer came in time."""
        for _ in range(TRIES):
            self._play("badge", uid=person.uid)
            answered = self.page.locator("body:not([data-screen=idle]):not([data-screen=working])")
            expect(answered).to_have_count(1)
            if not self.page.get_by_role("heading", name=NO_ANSWER).count():
                return

    def presses(self, name: str) -> None:
        """Press a button of the kiosk."""
        self.page.get_by_role("button", name=name).click()

    def leaves(self) -> None:
        """Press "Done", and wait until the kiosk has forgotten whoever stood there."""
        self.presses("Done")
        self.sees("idle", IDLE)

    def types(self, pin: str) -> None:
        """Type a PIN, and look up: further digits belong to whatever the screen shows then."""
        pad = self.page.locator(".pad").element_handle()
        self.page.keyboard.type(pin)
        self.page.keyboard.press("Enter")
        pad.wait_for_element_state("hidden")

    def lends(self, door: int, thing: Thing, person: Person) -> None:
        """Let somebody tap and take a thing, and wait until they are thanked."""
        self.taps(person)
        self.takes(door, thing, person)
        self.sees("thanks")

    def pulls(self, door: int) -> None:
        """Pull the door that the kiosk says is unlocked."""
        self.sees("opening", f"Pull door {door}")
        self._play(f"doors/{door}/pull")
        self.sees("open", f"Door {door} is open")

    def takes(self, door: int, thing: Thing, person: Person) -> None:
        """Take a thing out of the door that was unlocked, and close it."""
        self.pulls(door)
        self._play(f"doors/{door}/take", thing=thing.tag, uid=person.uid)
        self._play(f"doors/{door}/push")

    def puts(self, door: int, thing: Thing, person: Person) -> None:
        """Put a thing into the door that was unlocked, and close it."""
        self.pulls(door)
        self._play(f"doors/{door}/put", thing=thing.tag, uid=person.uid)
        self._play(f"doors/{door}/push")

    def network(self, *, on: bool) -> None:
        """Pull the network cable, or put it back."""
        self._play("network", on=on)
        eventually(lambda: self.state()["ready" if on else "plugged"] is on)

    def goes_alone(self) -> None:
        """Pull the network cable, and wait until whoever stands there is told."""
        self.network(on=False)
        self.reads("Offline: returns are always taken")

    def looks_inside(self) -> None:
        """Boot the bank anew: what was laid into it since is seen then, as by its status every few minutes."""
        self._play("power", on=False)
        eventually(lambda: not self.state()["powered"])
        self._play("power", on=True)
        eventually(lambda: self.state()["ready"])

    def knows_its_roster(self) -> None:
        """Let the schedule make rosters, and wait until this bank has one and knows what lies in it."""
        self.looks_inside()
        before = self.state()["roster"]
        self._corner.issues_rosters()
        eventually(lambda: self.state()["roster"] not in {None, before})

    def _play(self, what: str, **body: Any) -> None:
        self._post(f"/play/{self.bank}/{what}", body)

    def _post(self, path: str, body: dict[str, Any]) -> None:
        answer = self._panel.post(path, json=body)
        assert answer.is_success, answer.text
