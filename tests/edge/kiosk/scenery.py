"""States of one person's time at the screen, for the pure tests."""

from typing import Any

import msgspec

from edge.commands import Purpose
from edge.config import BadgeKey
from edge.display import Choosing
from edge.kiosk import acts
from edge.kiosk.acting import Wanted, acted
from edge.kiosk.facts import DoorFact, Facts
from edge.kiosk.settings import laid_out
from edge.kiosk.showing import shown
from edge.kiosk.state import Opened, State
from edge.messages import Session
from tests.edge.rig import BADGE_KEY
from tests.support.kiosks import a_session

KEY: BadgeKey = BADGE_KEY
FACTS = Facts(bank="hq-01", columns=laid_out(12), doors={number: DoorFact() for number in range(1, 13)})
TERMS = {"text": "Be careful.", "sha256": "a" * 64}
OPENED = Opened(door=3, purpose=Purpose.TAKE, grant="g1")


def session(*options: dict[str, Any], **more: Any) -> Session:
    return msgspec.convert(a_session(*options, **more), Session)


def choosing(*options: dict[str, Any], **more: Any) -> State:
    state, choice = shown(State(), Choosing(session=session(*options, **more)))
    assert choice is None
    return state


def done(state: State, *what: acts.Done) -> tuple[State, list[Wanted]]:
    """Do one thing after the other; return what was asked of the bank."""
    wanted = []
    for act in what:
        state, want = acted(state, act, KEY)
        wanted += [] if want is None else [want]
    return state, wanted
