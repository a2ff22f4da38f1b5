"""Every state of the kiosk as a scene: what has to happen until it shows. Tests look at each, docs show them."""

from collections.abc import Callable
from typing import Any, Final

from playwright.sync_api import Page, expect

from edge.tokens import badge_tokens
from tests.edge.rig import UID
from tests.support.kiosks import Stage, a_session, an_option

TERMS: Final = "\n\n".join(
    f"{number}. {text}"
    for number, text in enumerate(
        (
            "The tablet is lent to you for work. Nobody else may use it while it is on loan to you.",
            "Keep its case on. Report a broken screen at the bank before you put it back.",
            "It holds no data of yours: whatever is left on it is erased when it comes back.",
            "Do not take it abroad without asking your supervisor first.",
            "Bring it back charged, by the time that is shown, to any bank with a free door.",
            "If it is lost or stolen, tell your supervisor at once, by day or night.",
        ),
        1,
    )
)
TAKE: Final = an_option(
    "take",
    "Take Laptop",
    door=3,
    due_at="2026-11-23T16:30:00Z",
    note="ThinkPad T14 #3, the one that was not used for longest.",
)
OPTIONS: Final = (
    TAKE,
    an_option("return", "Return Torque wrench #2", door=5),
    an_option("renew", "Keep Multimeter 87V longer", due_at="2026-11-24T16:30:00Z"),
    an_option("handover", "Hand over Multimeter 87V"),
    an_option("not_taken", "I did not take Radio R7 #4", door=7),
)
REFUSAL: Final = {
    "title": "Thermal camera",
    "code": "certification_missing",
    "text": "To take Thermal camera you need this certification: Thermography level 1. "
    "Ask your supervisor about training.",
}
TABLET: Final = "take:Take Tablet"
QUESTIONS: Final = (
    {
        "id": "whole",
        "kind": "yes_no",
        "text": "Is the screen in one piece?",
        "required": True,
        "options": [TABLET],
    },
    {
        "id": "charge",
        "kind": "choice",
        "text": "How full is the battery?",
        "required": False,
        "options": [TABLET],
        "choices": [{"id": "full", "text": "Full"}, {"id": "half", "text": "Half"}, {"id": "low", "text": "Low"}],
    },
    {"id": "more", "kind": "text", "text": "Anything else?", "required": False, "options": [TABLET]},
)
Scene = Callable[[Stage, Page], None]


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).click()


def screen(page: Page, name: str) -> None:
    """Wait until this screen is up."""
    expect(page.locator(f"body[data-screen={name}]")).to_have_count(1)


def session(stage: Stage, *options: dict[str, Any], **more: Any) -> None:
    stage.tap()
    stage.cloud("session", **a_session(*options, **more))


def picks(stage: Stage, page: Page, option: dict[str, Any], **more: Any) -> None:
    session(stage, option, **more)
    press(page, option["title"])


def pin(stage: Stage, page: Page) -> None:
    picks(stage, page, {**TAKE, "needs": ["pin"]})
    screen(page, "pin")
    page.keyboard.type("47")


def new_pin(stage: Stage, page: Page) -> None:
    picks(stage, page, {**TAKE, "needs": ["new_pin"]})
    screen(page, "new_pin")
    page.keyboard.type("1234")
    page.keyboard.press("Enter")


def opening(stage: Stage, page: Page) -> None:
    session(stage, *OPTIONS, refusals=[REFUSAL])
    press(page, "Take Laptop")
    stage.until(lambda: stage.uploads("choice"))
    stage.opens(3)
    screen(page, "opening")


def opened(stage: Stage, page: Page) -> None:
    opening(stage, page)
    stage.door(3, is_open=True)


def checking(stage: Stage, page: Page) -> None:
    opened(stage, page)
    screen(page, "open")
    stage.cabinet.holds_answers()
    stage.door(3, is_open=False)


def thanks(stage: Stage, page: Page) -> None:
    opened(stage, page)
    screen(page, "open")
    stage.door(3, is_open=False)
    screen(page, "thanks")
    report = stage.uploads("door")[-1]["id"]
    text = "ThinkPad T14 #3 is yours until Mon 23 Nov, 17:30."
    stage.do(lambda: stage.line.says("notice", re=report, level="info", code="taken", text=text))
    expect(page.get_by_text(text, exact=True)).to_be_visible()


def fault(stage: Stage, page: Page) -> None:
    thanks(stage, page)
    press(page, "Something is wrong with it")


def fault_kind(stage: Stage, page: Page) -> None:
    press(page, "Something is broken")
    press(page, "Door 4")


def fault_report(stage: Stage, page: Page) -> None:
    fault_kind(stage, page)
    press(page, "It is damaged")
    page.get_by_role("radio", name="Nobody should use it").check()


def authoriser(stage: Stage, page: Page) -> None:
    picks(stage, page, an_option("take", "Take Thermal camera", door=9, needs=["authoriser"]))


def handover(stage: Stage, page: Page) -> None:
    hand_over = an_option("handover", "Hand over Multimeter 87V")
    picks(stage, page, hand_over)
    stage.until(lambda: stage.uploads("choice"))
    stage.cloud("session", **a_session({**hand_over, "needs": ["authoriser"]}))


def terms(stage: Stage, page: Page) -> None:
    tablet = an_option("take", "Take Tablet", door=1, needs=["terms", "answers"])
    picks(stage, page, tablet, terms={"text": TERMS, "sha256": "a" * 64}, questions=QUESTIONS)


def questions(stage: Stage, page: Page) -> None:
    terms(stage, page)
    press(page, "I accept")


def refused(stage: Stage, page: Page) -> None:
    stage.tap()
    text = "Cordless drill: you have 2, at most 2 at a time. Return one first, or ask your supervisor."
    stage.cloud("notice", level="warn", code="allowance_reached", text=text)


def left_open(stage: Stage, page: Page) -> None:
    opened(stage, page)
    screen(page, "open")
    stage.passes(61)


def jammed(stage: Stage, page: Page) -> None:
    stage.cabinet.sticks = True
    stage.tap()
    stage.opens(7)


def many(stage: Stage, page: Page) -> None:
    scanners = [an_option("take", f"Take Barcode scanner #{number}", door=number) for number in range(1, 13)]
    session(stage, *scanners, refusals=[REFUSAL])


def refusals(stage: Stage, page: Page) -> None:
    text = "You may not take this here. Ask your supervisor to give you access."
    things = ("Tablet", "Two-way radio", "Cordless drill", "Barcode scanner", "Multimeter")
    session(stage, refusals=[REFUSAL, *({"title": thing, "code": "no_access", "text": text} for thing in things)])


def still_there(stage: Stage, page: Page) -> None:
    session(stage, *OPTIONS)
    screen(page, "choice")
    stage.passes(13)
    expect(page.get_by_role("alert")).to_be_visible()


def cut_off(stage: Stage, page: Page, *, loans: bool = False, lasts_s: float = 86_400) -> None:
    """Let the bank have a roster by which Lena may take two things, see what it has, and lose its network."""
    stage.holds({3: "E20003", 7: "E20007"})
    whole = [[0, 2**52]]
    torque = {"asset": "w2", "title": "Torque wrench #2", "due_at": "2026-11-23T16:30:00Z", "doors": [5]}
    stage.roster(
        lasts_s=lasts_s,
        badges={badge_tokens(UID, stage.config.badge_keys)[0]: 0},
        people=[
            {"display": "Lena H.", "language": "en", "most": 3, "rights": 0, "loans": [torque] if loans else []},
        ],
        rights=[[{"type": kind, "most": 1, "windows": whole} for kind in ("laptop", "multimeter")]],
        doors={
            "3": [{"asset": "l3", "type": "laptop", "title": "ThinkPad T14 #3", "tag": "E20003"}],
            "7": [{"asset": "m1", "type": "multimeter", "title": "Multimeter 87V #1", "tag": "E20007"}],
        },
        free=[5, 6],
    )
    stage.cut()
    expect(page.get_by_text("Offline: returns are always taken")).to_be_visible()


def offline_choice(stage: Stage, page: Page) -> None:
    cut_off(stage, page, loans=True)
    stage.tap()


def offline_stranger(stage: Stage, page: Page) -> None:
    cut_off(stage, page)
    stage.tap("045E1A72C41190")


def offline_too_long(stage: Stage, page: Page) -> None:
    cut_off(stage, page, lasts_s=60)
    stage.passes(61)
    stage.tap()


def offline_no_time(stage: Stage, page: Page) -> None:
    cut_off(stage, page)
    stage.forgets_the_time()
    stage.tap()


def catching_up(stage: Stage, page: Page) -> None:
    """Lend without a network, and let it come back to a cloud that has not heard of it yet."""
    offline_choice(stage, page)
    press(page, "Take ThinkPad T14 #3")
    screen(page, "opening")
    stage.door(3, is_open=True)
    stage.door(3, is_open=False)
    screen(page, "thanks")
    press(page, "Done")
    stage.line.acknowledges = False
    stage.plug()
    expect(page.get_by_text("The connection is back.")).to_be_visible()


def german(stage: Stage, page: Page) -> None:
    stage.tap()
    stage.cloud("session", **a_session(an_option("take", "Laptop nehmen", door=3, needs=["pin"]), language="de"))
    press(page, "Laptop nehmen")


SCENES: Final[dict[str, tuple[str, Scene]]] = {
    "idle": ("idle", lambda *_: None),
    "working": ("working", lambda stage, _: stage.tap()),
    "choice": ("choice", lambda stage, _: session(stage, *OPTIONS, refusals=[REFUSAL])),
    "pin": ("pin", pin),
    "new-pin": ("new_pin", new_pin),
    "terms": ("terms", terms),
    "questions": ("questions", questions),
    "authoriser": ("authoriser", authoriser),
    "handover": ("handover", handover),
    "opening": ("opening", opening),
    "open": ("open", opened),
    "checking": ("checking", checking),
    "thanks": ("thanks", thanks),
    "left-open": ("left_open", left_open),
    "jammed": ("jammed", jammed),
    "refused": ("refused", refused),
    "many": ("choice", many),
    "refusals": ("choice", refusals),
    "still-there": ("choice", still_there),
    "german": ("pin", german),
    "fault": ("fault", fault),
    "fault-kind": ("fault_kind", fault_kind),
    "fault-report": ("fault_report", fault_report),
    "no-connection": ("offline", lambda stage, _: stage.cut()),
    "offline": ("idle", cut_off),
    "offline-choice": ("choice", offline_choice),
    "offline-stranger": ("refused", offline_stranger),
    "offline-too-long": ("offline", offline_too_long),
    "offline-no-time": ("offline", offline_no_time),
    "catching-up": ("idle", catching_up),
    "out-of-service": ("out_of_service", lambda stage, _: stage.do(stage.kiosk.detach)),
    "lost": ("lost", lambda stage, _: stage.stop()),
}


def plays(name: str, stage: Stage, page: Page) -> None:
    """Bring the kiosk into a state."""
    shows, scene = SCENES[name]
    page.goto(stage.url)
    screen(page, "idle")
    scene(stage, page)
    screen(page, shows)
