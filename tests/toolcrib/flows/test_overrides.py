"""An override from being given to the event of the take: used once, by the grant that needed it."""

from datetime import timedelta
from hashlib import sha256

from chalicelib.flows.admin import overrides
from tests.support.admins import asked
from tests.support.outcomes import stage
from tests.support.workplace import CREW, FALLBACK, ORG, OTHER_TOKEN, TOKEN, bank, drill, person, put_person, rules
from tests.support.world import World
from toolcrib.domain.overrides import PERMISSIONS
from toolcrib.domain.people import GroupGrant
from toolcrib.domain.policies import Allowance
from toolcrib.domain.principals import Principal, Role, Sight
from toolcrib.domain.record import replace
from toolcrib.store.keys import override as key_of
from toolcrib.store.ledger import OverrideItem
from toolcrib.store.tables import connection

REASON = "All hands to the pumps."
BOSS = Principal(subject="boss", org=ORG, role=Role.SUPERVISOR, person="boss", sites=("hq",))
NOBODY_MAY = replace(FALLBACK, allowance=Allowance(total=0))


def give(here: World, **more: str) -> str:
    """Let p-1 take a drill although nobody may; return the override's id."""
    put_person(person(id="boss", permissions=PERMISSIONS))
    asking = replace(asked("override", at=here.now), by=BOSS, sight=Sight.SITES)
    where = {} if "bank" in more else {"site": "hq"}
    wanted = overrides.Wanted(code="allowance_reached", asset_type="drill", reason=REASON, **where, **more)
    return overrides.give(asking, "p-1", wanted)[0]


def rows(override_id: str) -> list[OverrideItem]:
    """Return what the ledger says of it."""
    connection()
    pk, sk = key_of(ORG, "p-1", override_id)
    return list(OverrideItem.query(pk, OverrideItem.sk.startswith(sk), consistent_read=True))


def test_an_override_lets_one_take_pass_and_its_event_says_so(here: World) -> None:
    rules(NOBODY_MAY)
    hq = stage(here)
    assert hq.tap().code == "allowance_reached"
    given = give(here)
    answer = hq.tap()
    assert (answer.kind, dict(here.person().overrides)) == ("open", {})
    hq.does(answer, "closed", tags=[])
    (taken,) = here.events()
    digest = sha256(REASON.encode()).hexdigest()
    assert taken.detail == {
        "allowance_reached.overridden_by": "boss",
        "allowance_reached.reason_sha256": digest,
    }
    first, used = rows(given)
    assert (first.code, first.by, first.reason_sha256) == ("allowance_reached", "boss", digest)
    assert [first.grant, used.grant] == [None, answer.grant]


def test_it_counts_once(here: World) -> None:
    rules(NOBODY_MAY)
    hq = stage(here)
    give(here)
    hq.does(hq.tap(), "closed", tags=[])
    other = here.place(bank(id="hq-02"), stowed={1: drill(2)})
    hq.does(hq.tap(), "closed", tags=["E2000001"])
    assert other.tap().code == "allowance_reached"


def test_two_taps_for_one_override_open_one_door(here: World) -> None:
    """The second read the profile while the override was there: its grant loses the race, and is judged anew."""
    rules(NOBODY_MAY)
    hq = stage(here)
    other = here.place(bank(id="hq-02"), stowed={1: drill(2)})
    give(here)
    answers = []

    def meanwhile() -> None:
        answers.append(other.tap())

    assert here.dynamo is not None
    calls = iter([meanwhile])

    def before(operation: str, _: object) -> None:
        if operation == "TransactWriteItems":
            next(calls, lambda: None)()

    here.dynamo.before.append(before)
    answers.append(hq.tap())
    here.dynamo.before.remove(before)
    assert sorted(answer.kind for answer in answers) == ["notice", "open"]
    assert len(here.person().holdings) == 1


def test_it_is_over_when_its_time_is(here: World) -> None:
    rules(NOBODY_MAY)
    hq = stage(here)
    give(here)
    here.now += timedelta(hours=1)
    assert hq.tap().code == "allowance_reached"
    assert overrides.of(asked("look", at=here.now), "p-1") == {}


def test_it_is_one_persons_at_one_place(here: World) -> None:
    rules(NOBODY_MAY)
    hq = stage(here)
    here.place(bank(id="hq-02"), stowed={1: drill(2)})
    give(here, bank="hq-02")
    here.meet(person(2), OTHER_TOKEN)
    assert hq.tap().code == "allowance_reached"
    assert here.bank("hq-02").tap(OTHER_TOKEN).code == "allowance_reached"
    assert here.bank("hq-02").tap(TOKEN).kind == "open"


def test_an_override_is_spared_where_another_unit_needs_none(here: World) -> None:
    hq = stage(here)
    give(here)
    assert hq.tap().kind == "open"
    assert len(here.person().overrides) == 1


def test_two_taps_below_one_groups_limit_open_one_door(here: World) -> None:
    """Both read the profile while there was room for one: the second grant loses the race, and is judged anew."""
    rules(replace(CREW, grants=(GroupGrant(categories=("tools",), most=1),)))
    hq = stage(here)
    other = here.place(bank(id="hq-02"), stowed={1: drill(2)})
    answers = []
    calls = iter([lambda: answers.append(other.tap())])

    def before(operation: str, _: object) -> None:
        if operation == "TransactWriteItems":
            next(calls, lambda: None)()

    assert here.dynamo is not None
    here.dynamo.before.append(before)
    answers.append(hq.tap())
    here.dynamo.before.remove(before)
    assert sorted(answer.kind for answer in answers) == ["notice", "open"]
    assert [answer.code for answer in answers if answer.kind == "notice"] == ["allowance_reached"]
