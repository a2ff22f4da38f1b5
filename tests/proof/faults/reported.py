"""Scenes of what banks report: doors, faults, alarms, how they are."""

from collections.abc import Callable

from tests.proof.faults.devices import Report
from tests.proof.faults.stage import Stage
from tests.support.banks import Upload
from tests.support.outcomes import NOBODYS, OTHER_TAG, TAG, beside, lend, stage
from tests.support.workplace import bank, drill
from toolcrib.domain.doors import Mode
from toolcrib.store import rulebook

Reports = Callable[[Stage], Upload]


def opened(at: Stage) -> Upload:
    hq = stage(at.here)
    return hq.saw(hq.tap(), "opened", opened_ms=0)


def taken(at: Stage) -> Upload:
    hq = stage(at.here)
    return hq.saw(hq.tap(), "closed", tags=[])


def untouched(at: Stage) -> Upload:
    hq = stage(at.here)
    return hq.saw(hq.tap(), "closed", tags=[TAG])


def wrong_thing(at: Stage) -> Upload:
    hq = stage(at.here, capacity=2)
    beside(at.here, drill(2))
    return hq.saw(hq.tap(), "closed", tags=[TAG])


def returned(at: Stage) -> Upload:
    hq, _ = lend(at.here)
    return hq.saw(hq.tap(), "closed", tags=[TAG])


def returned_with_another(at: Stage) -> Upload:
    hq, _ = lend(at.here)
    beside(at.here, drill(2), number=2)
    return hq.saw(hq.tap(), "closed", tags=[TAG, OTHER_TAG, NOBODYS])


def jammed(at: Stage) -> Upload:
    hq = stage(at.here)
    return hq.saw(hq.tap(), "jammed")


def expired(at: Stage) -> Upload:
    hq = stage(at.here)
    return hq.saw(hq.tap(), "expired")


def left_open(at: Stage) -> Upload:
    hq = stage(at.here)
    return hq.saw(hq.tap(), "left_open")


def closed_after_left_open(at: Stage) -> Upload:
    hq = stage(at.here)
    asked = hq.tap()
    hq.does(asked, "left_open")
    return hq.saw(asked, "closed", tags=[])


def forced(at: Stage) -> Upload:
    hq = stage(at.here)
    return hq.saw(None, "forced", door=1)


def late(at: Stage) -> Upload:
    hq = stage(at.here)
    report = hq.saw(hq.tap(), "closed", tags=[])
    at.here.later(minutes=11)
    at.here.sweep()
    return report


def of_a_revoked_bank(at: Stage) -> Upload:
    hq = stage(at.here)
    report = hq.saw(hq.tap(), "closed", tags=[])
    at.here.revoke()
    return report


def of_an_unknown_bank(at: Stage) -> Upload:
    stage(at.here)
    return at.here.bank("hq-77").saw(None, "forced", door=1)


def of_an_unknown_door(at: Stage) -> Upload:
    hq = stage(at.here)
    return hq.saw(None, "forced", door=9)


def beyond_the_contract(at: Stage) -> Upload:
    hq = stage(at.here)
    return hq.saw(None, "vanished", door=1)


def bad_status(at: Stage) -> Upload:
    return stage(at.here).report("status", doors="all well")


def bad_alarm(at: Stage) -> Upload:
    return stage(at.here).report("alarm", kind=7)


def bad_fault(at: Stage) -> Upload:
    return stage(at.here).report("fault", severity="so so")


def alarm_of_a_revoked_bank(at: Stage) -> Upload:
    hq = stage(at.here)
    at.here.revoke()
    return hq.report("alarm", kind="tamper")


def forced_where_no_site_is(at: Stage) -> Upload:
    stage(at.here)
    lost = at.here.place(bank(id="hq-03", site="nowhere"))
    return lost.saw(None, "forced", door=1)


def opened_from_afar(at: Stage) -> Upload:
    hq = stage(at.here)
    return hq.saw(at.here.open_remotely(1), "closed", tags=[TAG])


def seen_at_another_bank(at: Stage) -> Upload:
    stage(at.here).tap()
    other = at.here.place(bank(id="hq-02"))
    return other.saw(None, "closed", door=1, tags=[TAG])


def told_with_an_old_rule_book(at: Stage) -> Upload:
    """The rule book that the decision was taken on is more than a minute old when the person is told."""
    at.cloud.dynamo.before.append(lambda operation, _: _grow_old() if operation == "TransactWriteItems" else None)
    return taken(at)


def _grow_old() -> None:
    rulebook._kept.clear()


def status(at: Stage) -> Upload:
    hq = stage(at.here)
    hq.tap()
    at.here.later(minutes=2)
    return hq.status({1: "closed", 2: "closed"}, {1: [TAG], 2: [NOBODYS]}, journal_depth=0)


def status_with_a_wrong_clock(at: Stage) -> Upload:
    hq = stage(at.here)
    told = hq.status({1: "closed"}, {1: [TAG]}, journal_depth=0)
    told.body["at"] = "2026-11-20T12:00:00Z"
    return told


def status_of_an_older_boot(at: Stage) -> Upload:
    told = status_with_a_wrong_clock(at)
    hq = at.here.bank("hq-01")
    hq.repeat(told)
    hq.reboot()
    hq.repeat(hq.status({1: "closed"}, journal_depth=0))
    return told


def status_after_a_boot(at: Stage) -> Upload:
    hq = stage(at.here)
    hq.tap()
    hq.reboot()
    at.here.later(minutes=2)
    return hq.status({1: "closed"}, {1: []}, journal_depth=0)


def alarm(at: Stage) -> Upload:
    hq = stage(at.here)
    return hq.report("alarm", kind="tamper")


def fault(at: Stage) -> Upload:
    hq = stage(at.here)
    return hq.report("fault", severity="critical", door=1, asset="drill-1", text="hinge is loose")


def fault_with_a_photo_and_a_grant(at: Stage) -> Upload:
    hq, loan = lend(at.here)
    return hq.report("fault", severity="critical", grant=loan, photo=True, text="it sparks")


def fault_of_a_loan_whose_door_has_moved_on(at: Stage) -> Upload:
    hq, loan = lend(at.here)
    at.here.open_remotely(1)
    return hq.report("fault", severity="minor", grant=loan)


def fault_in_a_session(at: Stage) -> Upload:
    hq, _ = lend(at.here, mode=Mode.KIOSK)
    beside(at.here, drill(3), number=2)
    session = hq.tap().body["session"]
    return hq.report("fault", severity="minor", asset="drill-1", session=session)


def fault_of_an_unknown_thing(at: Stage) -> Upload:
    hq = stage(at.here)
    return hq.report("fault", severity="minor", asset="drill-99")


def reporting(report: Reports) -> Callable[[Stage], Report]:
    """Return the scene in which a bank has this to report."""
    return lambda at: Report(report(at))
