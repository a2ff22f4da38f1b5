"""Kits that need more than a badge: terms, others who agree, a countersignature; brought once for all parts."""

from datetime import timedelta

from tests.support.kits import DRONE, TAGS, drone, loans
from tests.support.workplace import CREW, FALLBACK, NOW, OTHER_TOKEN, TOKEN, person, put_terms, rules
from tests.support.world import World
from toolcrib.domain.agreements import digest
from toolcrib.domain.assets import AssetType
from toolcrib.domain.cases import CaseState
from toolcrib.domain.doors import Mode
from toolcrib.domain.people import Override
from toolcrib.domain.policies import Allowance, Authorisers, Match, Moment, Period, Policy
from toolcrib.domain.record import replace

CHARGER = AssetType(id="charger", name="Charger", category="tools")
SAFE, FULL = "Wear goggles.", "Bring it back full."
KIT = "take:kit:drone"


def test_terms_of_any_part_are_accepted_one_after_the_other_and_stand_on_its_own_loan(here: World) -> None:
    hq = drone(here, mode=Mode.KIOSK, part2={"type": "charger"})
    rules(CHARGER)
    put_terms({"en": SAFE})
    put_terms({"en": FULL}, id="full", asset_types=("charger",))
    screen = hq.tap()
    assert [option["needs"] for option in screen.body["options"]] == [["terms"]]
    assert screen.body["terms"]["text"] == SAFE
    more = hq.choose(screen, KIT, terms_sha256=digest(SAFE))
    assert (more.kind, more.body["terms"]["text"]) == ("session", FULL)
    opened = hq.choose(more, KIT, terms_sha256=digest(FULL))
    assert opened.kind == "open"
    first = here.loan(opened.grant)
    assert first.kit is not None
    texts = [here.loan(part.loan or "").proofs["terms"].split("@")[0] for part in first.kit.parts]
    assert texts == ["house", "full", "house"]
    hq.does(opened, "closed", tags=[])
    assert sorted(here.person().acceptances) == ["full", "house"]


def test_somebody_who_taps_agrees_to_all_of_it(here: World) -> None:
    hq = drone(here, mode=Mode.KIOSK)
    rules(CREW, replace(FALLBACK, authorisers=Authorisers(count=1, on=(Moment.TAKE,))))
    screen = hq.tap()
    assert [option["needs"] for option in screen.body["options"]] == [["authoriser"]]
    joined = hq.tap(OTHER_TOKEN, session=screen.body["session"])
    opened = hq.choose(joined, KIT)
    assert opened.kind == "open"
    first = here.loan(opened.grant)
    assert first.kit is not None
    assert {here.loan(part.loan or "").proofs["authorisers"] for part in first.kit.parts} == {"p-2"}
    hq.does(opened, "closed", tags=[])


def test_from_afar_others_are_asked_about_every_type_at_once(here: World) -> None:
    hq = drone(here, mode=Mode.KIOSK, part2={"type": "charger"})
    rules(CHARGER, CREW, replace(FALLBACK, authorisers=Authorisers(count=1, on=(Moment.TAKE,))))
    refused = hq.choose(hq.tap(), KIT)
    assert refused.code == "authorisation_required"
    assert sorted(each.type for each in here.person().asked.values()) == ["charger", "drill"]
    assert len(here.person().asked) == 2


def test_one_badge_countersigns_all_that_came_back(here: World) -> None:
    hq = drone(here)
    rules(CREW, replace(FALLBACK, authorisers=Authorisers(count=1, on=(Moment.RETURN,))))
    opened = hq.tap()
    hq.does(opened, "closed", tags=[])
    here.later(hours=1)
    hq.does(hq.tap(), "closed", tags=TAGS)
    assert loans(here, opened) == ["closed"] * 3
    (case,) = [each for each in here.cases() if each.state is CaseState.OPEN]
    assert case.kind == "countersignature"
    assert hq.tap(OTHER_TOKEN).code == "countersigned"
    assert [each.state for each in here.cases()] == [CaseState.RESOLVED]


def test_an_override_lets_one_part_pass_and_the_next_needs_another(here: World) -> None:
    hq = drone(here, mode=Mode.KIOSK)
    rules(Policy(id="one", match=Match(category="tools"), period=Period(), allowance=Allowance(category=1)))
    until = NOW + timedelta(hours=1)
    given = Override(
        code="allowance_reached",
        by="boss",
        reason="all hands",
        reason_sha256="0" * 64,
        since=NOW,
        until=until,
        asset_type="drill",
        bank="hq-01",
    )
    here.meet(person(overrides={"o-1": given}), TOKEN)
    (refused,) = hq.tap().body["refusals"]
    assert (refused["title"], refused["code"]) == ("Drone kit (Case)", "allowance_reached")
    here.meet(person(overrides={"o-1": given, "o-2": given}), TOKEN)
    opened = hq.tap()
    assert opened.kind == "open"
    assert here.person().overrides == {}
    hq.does(opened, "closed", tags=[])
    assert {str(here.asset(each).state) for each in DRONE.parts} == {"on_loan"}
