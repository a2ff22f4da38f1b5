"""Scenes with questions: answered at a screen, with a fault in the answers, or not there yet."""

from tests.proof.faults.devices import Again, Choice
from tests.proof.faults.stage import Stage
from tests.support.banks import FakeBank, Upload
from tests.support.outcomes import stage
from tests.support.questions import ASKED, WELL
from tests.support.workplace import TOKEN, bank, drill, person, put_terms, rules
from toolcrib.domain.doors import Mode
from toolcrib.domain.record import replace

BROKEN = {"guard": False, "cable": "good"}
TAKE = "take:drill"


def take_with_a_minor_fault(at: Stage) -> Choice:
    hq = _kiosk(at)
    return Choice(hq, hq.tap(), TAKE, {"answers": {**WELL, "cable": "worn"}})


def take_called_broken(at: Stage) -> Again:
    return Again(_called_broken(_kiosk(at)))


def take_called_broken_before(at: Stage) -> Again:
    said = _called_broken(_kiosk(at))
    at.here.deliver("choice", said.event(at.here.now))
    return Again(said)


def return_with_a_critical_fault(at: Stage) -> Choice:
    hq = _kiosk(at)
    opened = hq.choose(hq.tap(), TAKE, answers=WELL)
    hq.does(opened, "closed", tags=[])
    at.here.later(minutes=1)
    return Choice(hq, hq.tap(), f"return:{opened.grant}", {"answers": BROKEN})


def take_without_having_seen_what_is_asked(at: Stage) -> Again:
    """More kinds of things are here than one screen can ask about; its terms were not on it either."""
    kinds = [replace(ASKED, id=f"drill-{n}", questions=_long(n)) for n in range(6)]
    rules(*kinds)
    hq = at.here.place(
        bank(id="hq-02", mode=Mode.KIOSK),
        doors=6,
        stowed={n + 1: drill(n + 5, type=kind.id) for n, kind in enumerate(kinds)},
    )
    at.here.meet(person(), TOKEN)
    put_terms({"en": "Bring it back."}, categories=("tools",))
    return Again(_upload(hq, "take:drill-1"))


def _long(number: int) -> tuple[object, ...]:
    guard = replace(ASKED.questions[0], text={"en": "Guard? " * 25})
    return tuple(replace(guard, id=f"q{number}-{n}") for n in range(9))


def _called_broken(hq: FakeBank) -> Upload:
    return _upload(hq, TAKE, answers=BROKEN)


def _upload(hq: FakeBank, option: str, **more: object) -> Upload:
    body = {"session": hq.tap().body["session"], "option": option, "journal_depth": 0, **more}
    return hq._upload("choice", body)


def _kiosk(at: Stage) -> FakeBank:
    at.ignored = frozenset({"agenda_pk"})  # whoever picks again is another cause, with notices of other ids
    rules(ASKED)
    at.here.site_has(supervisors=("p-9",))
    return stage(at.here, mode=Mode.KIOSK)


AT_BANKS = (
    take_with_a_minor_fault,
    take_called_broken,
    take_called_broken_before,
    return_with_a_critical_fault,
    take_without_having_seen_what_is_asked,
)
