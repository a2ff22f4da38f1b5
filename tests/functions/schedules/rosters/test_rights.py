"""What a roster allows is never more than the rules do at that moment (safety.md, I12): asked as the dry run asks."""

from datetime import datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.rosters.rights import Rights
from chalicelib.rosters.roster import roster
from tests.support.workplace import DRILL, FALLBACK, NOW, bank, person, site
from toolcrib.domain.agreements import Acceptance, Agreement
from toolcrib.domain.assets import AssetType, RequiredCertification
from toolcrib.domain.doors import Bank, Content, Door
from toolcrib.domain.evidence import Evidence
from toolcrib.domain.offline.issuing import Staff
from toolcrib.domain.offline.life import LONGEST, MOST_TAKES
from toolcrib.domain.pairing import Pair, PairKind
from toolcrib.domain.people import (
    Badge,
    Certification,
    Group,
    GroupGrant,
    Holding,
    LastTake,
    ManualBlock,
    Override,
    Person,
    PinStanding,
    Shift,
)
from toolcrib.domain.policies import Allowance, Authorisers, Blocks, Hours, LateReturns, Match, Policy
from toolcrib.domain.questions import Question, QuestionKind, When
from toolcrib.domain.record import replace
from toolcrib.domain.rulebook import RuleBook
from toolcrib.domain.rules import evaluate

SAW = AssetType(id="saw", name="Saw", category="tools")
LAPTOP = AssetType(id="laptop", name="Laptop", category="it", replacement_value=1400)
TYPES = {each.id: each for each in (DRILL, SAW, LAPTOP)}
CREW = Group(id="crew", name="Crew", grants=(GroupGrant(),))
HOUR = timedelta(hours=1)


def holding(kind: str, **more: Any) -> Holding:
    given = {"asset": "x", "name": "X", "state": "open", "bank": "hq-01", "door": 1, "site": "hq"}
    return Holding(**{**given, "type": kind, "since": NOW, "until": NOW + 8 * HOUR, **more})


def stocked(*types: str, **more: Any) -> Bank:
    """Return a bank with a thing of each type, and a free door."""
    doors = [
        Door(
            bank="hq-01",
            number=number,
            contents=(Content(asset=f"{kind}-{number}", type=kind, name=kind, tag=f"E{number}", since=NOW - HOUR),),
        )
        for number, kind in enumerate(types, start=1)
    ]
    return bank(doors=(*doors, Door(bank="hq-01", number=60, size="XL")), **more)


def book(*, types: dict[str, AssetType] | None = None, **more: Any) -> RuleBook:
    given = {"fallback": FALLBACK, "groups": {"crew": CREW}, "sites": {"hq": site()}, "types": types or TYPES}
    return RuleBook(**{**given, **more})


def rights(who: Person, rules: RuleBook, of: Bank | None = None) -> Rights:
    of = of or stocked("drill", "saw", "laptop")
    made = roster(of, rules, Staff(people={who.id: who}, badges=[Badge(id="1.x", person=who.id)]), NOW)
    return made.rights[made.members[0].rights]


def windows(found: Rights) -> dict[str, tuple[tuple[datetime, datetime], ...]]:
    return {each.type: each.windows for each in found.each}


def most(found: Rights) -> dict[str, int]:
    return {each.type: each.most for each in found.each}


def test_what_nothing_limits_may_be_taken_for_as_long_as_its_type_lives_and_a_few_at_most() -> None:
    found = rights(person(), book())
    day, short = ((NOW, NOW + LONGEST),), ((NOW, NOW + 4 * HOUR),)
    assert windows(found) == {"drill": day, "saw": day, "laptop": short}
    assert most(found) == dict.fromkeys(("drill", "saw", "laptop"), MOST_TAKES)


@pytest.mark.parametrize(
    "who",
    [
        {"active": False},
        {"valid_from": NOW + LONGEST},
        {"valid_until": NOW},
        {"groups": ()},
        {"blocks": {"b": ManualBlock(since=NOW, by="boss", reason="lost keys")}},
        {"holdings": {"l": holding("saw", lost_since=NOW)}},
        {"holdings": {"l": holding("saw", blocks_from=NOW - HOUR)}},
    ],
)
def test_who_may_take_nothing_has_no_right(who: dict[str, Any]) -> None:
    assert rights(person(**who), book()) == Rights()


def only_drills(**more: Any) -> RuleBook:
    return book(types={"drill": replace(DRILL, **more)})


@pytest.mark.parametrize(
    "rules",
    [
        only_drills(second_factor=True),
        only_drills(min_evidence=Evidence.TAGS),
        only_drills(offline_life=timedelta()),
        only_drills(certifications=(RequiredCertification(certification="crane"),)),
        only_drills(questions=(Question(id="q", kind=QuestionKind.TEXT, text={"en": "?"}, required=True),)),
        book(types={"drill": DRILL}, fallback=replace(FALLBACK, authorisers=Authorisers(count=1))),
        book(types={"drill": DRILL}, fallback=replace(FALLBACK, second_factor=True)),
        book(types={"drill": DRILL}, fallback=replace(FALLBACK, min_evidence=Evidence.TAGS)),
        book(types={"drill": DRILL}, fallback=replace(FALLBACK, allowance=Allowance(type=0))),
        book(
            types={"drill": DRILL},
            agreements={"a": Agreement(id="a", title="A", asset_types=("drill",), digests={"en": "0" * 64})},
        ),
    ],
)
def test_what_a_bank_alone_could_not_check_or_prove_is_in_no_roster(rules: RuleBook) -> None:
    of = stocked("drill", evidence=Evidence.PRESENCE)
    assert rights(person(), only_drills(), of) != Rights()
    assert rights(person(), rules, of) == Rights()


def test_an_answer_that_is_asked_at_the_return_or_may_be_left_out_keeps_nothing_back() -> None:
    at_return = Question(id="q", kind=QuestionKind.TEXT, text={"en": "?"}, required=True, when=When.RETURN)
    may_be_left_out = Question(id="p", kind=QuestionKind.TEXT, text={"en": "?"})
    assert rights(person(), only_drills(questions=(at_return, may_be_left_out))) != Rights()


def test_a_pin_or_an_override_opens_nothing_alone() -> None:
    let_pass = Override(
        code="allowance_reached",
        by="boss",
        reason="r",
        reason_sha256="0",
        since=NOW,
        until=NOW + LONGEST,
        asset_type="drill",
        site="hq",
    )
    who = person(pin=PinStanding(is_set=True), overrides={"o": let_pass})
    assert rights(who, only_drills(second_factor=True)) == Rights()
    assert rights(who, book(fallback=replace(FALLBACK, allowance=Allowance(total=0)))) == Rights()


def test_terms_that_were_accepted_keep_nothing_back() -> None:
    terms = Agreement(id="a", title="A", asset_types=("drill",), digests={"en": "0" * 64})
    accepted = Acceptance(version=1, sha256="0" * 64, at=NOW)
    assert most(rights(person(acceptances={"a": accepted}), book(agreements={"a": terms})))["drill"] == MOST_TAKES


def test_a_right_follows_the_schedule_by_the_sites_clocks() -> None:
    week = {str(day): (Hours(opens=time(8), closes=time(18)),) for day in range(1, 8)}
    found = rights(person(), only_drills_scheduled(week))
    today = (NOW, NOW.replace(hour=17))  # 18:00 in Berlin; NOW is 10:00 there
    tomorrow = (NOW.replace(hour=7) + timedelta(days=1), NOW + LONGEST)
    assert windows(found) == {"drill": (today, tomorrow)}


def only_drills_scheduled(week: Any) -> RuleBook:
    return book(types={"drill": DRILL}, fallback=replace(FALLBACK, schedule=week))


@pytest.mark.parametrize(
    ("who", "window"),
    [
        ({"valid_until": NOW + HOUR}, (NOW, NOW + HOUR)),
        ({"valid_from": NOW + HOUR}, (NOW + HOUR, NOW + LONGEST)),
        (
            {"groups": (), "shifts": (Shift(starts=NOW + HOUR, ends=NOW + 2 * HOUR, groups=("crew",)),)},
            (NOW + HOUR, NOW + 2 * HOUR),
        ),
        ({"last_take": LastTake(site="dock", at=NOW)}, (NOW + timedelta(minutes=5), NOW + LONGEST)),
        ({"blocks": {"b": ManualBlock(since=NOW, by="b", reason="r", until=NOW + HOUR)}}, (NOW + HOUR, NOW + LONGEST)),
    ],
)
def test_a_right_begins_and_ends_with_what_it_rests_on(who: dict[str, Any], window: tuple[datetime, datetime]) -> None:
    assert windows(rights(person(**who), book(types={"drill": DRILL}))) == {"drill": (window,)}


def test_a_right_ends_with_a_certification_and_its_grace() -> None:
    rules = only_drills(certifications=(RequiredCertification(certification="crane", grace_days=1),))
    who = person(certifications={"crane": Certification(valid_until=NOW - timedelta(days=1) + HOUR)})
    assert windows(rights(who, rules)) == {"drill": ((NOW, NOW + HOUR),)}


def test_a_right_ends_before_a_late_loan_blocks() -> None:
    who = person(holdings={"l": holding("saw", blocks_from=NOW + HOUR)})
    assert windows(rights(who, book(types={"drill": DRILL, "saw": SAW}), stocked("drill"))) == {
        "drill": ((NOW, NOW + HOUR),)
    }


def test_how_many_is_what_the_allowance_leaves() -> None:
    rules = book(fallback=replace(FALLBACK, allowance=Allowance(type=3)))
    assert most(rights(person(holdings={"l": holding("drill")}), rules)) == {"drill": 2, "saw": 3, "laptop": 3}


def test_what_several_types_share_is_limited_together() -> None:
    rules = book(fallback=replace(FALLBACK, allowance=Allowance(category=2)))
    found = rights(person(), rules, stocked("drill", "saw"))
    assert (found.most, most(found)) == (2, {"drill": 2, "saw": 2})


def test_what_shares_nothing_is_not_limited_together() -> None:
    rules = book(fallback=replace(FALLBACK, allowance=Allowance(category=2)))
    found = rights(person(), rules, stocked("drill", "laptop"))
    assert (found.most, most(found)) == (4, {"drill": 2, "laptop": 2})


def test_of_what_excludes_each_other_only_one_thing_may_be_taken() -> None:
    pair = Pair(id="p", kind=PairKind.EXCLUSIVE, asset_types=("drill", "laptop"))
    assert rights(person(), book(pairs={"p": pair})).most == 1


def test_who_is_alike_is_judged_once() -> None:
    rules = book()
    people = {each.id: each for each in (person(1), person(2), person(3, groups=()))}
    badges = [Badge(id=f"1.{number}", person=f"p-{number}") for number in (1, 2, 3)]
    made = roster(stocked("drill"), rules, Staff(people=people, badges=badges), NOW)
    assert [each.rights for each in made.members] == [1, 1, 0]
    assert len(made.rights) == 2


NUMBERS = st.none() | st.integers(0, 3)
KINDS = st.sampled_from(sorted(TYPES))
WHEN = st.integers(-30, 30).map(lambda hours: NOW + hours * HOUR)


@st.composite
def policies(draw: st.DrawFn, name: str) -> Policy:
    match = Match(
        asset_type=draw(st.none() | KINDS),
        category=draw(st.sampled_from([None, "tools", "it"])),
        group=draw(st.sampled_from([None, "crew", "night"])),
        site=draw(st.sampled_from([None, "hq", "dock"])),
        bank=draw(st.sampled_from([None, "hq-01", "hq-02"])),
    )
    opens, closes = draw(st.integers(0, 23)), draw(st.integers(0, 23))
    week = {day: (Hours(opens=time(opens), closes=time(closes)),) for day in draw(st.sets(st.sampled_from("1234567")))}
    late = LateReturns(count=1, within=timedelta(days=2), suspension=draw(st.integers(1, 40)) * HOUR)
    return Policy(
        id=name,
        match=match,
        period=FALLBACK.period,
        allowance=Allowance(type=draw(NUMBERS), category=draw(NUMBERS), total=draw(NUMBERS)),
        schedule=week if draw(st.booleans()) else {},
        blocks=Blocks(late_returns=late if draw(st.booleans()) else None),
        min_evidence=draw(st.sampled_from([None, None, Evidence.PRESENCE])),
    )


@st.composite
def rule_books(draw: st.DrawFn) -> RuleBook:
    grants = st.builds(GroupGrant, categories=st.sampled_from([(), ("tools",), ("it",)]), most=NUMBERS)
    groups = {
        name: Group(id=name, name=name, grants=tuple(draw(st.lists(grants, max_size=2)))) for name in ("crew", "night")
    }
    needs = RequiredCertification(certification="crane", grace_days=draw(st.integers(0, 1)))
    types = {**TYPES, "laptop": replace(LAPTOP, certifications=(needs,) if draw(st.booleans()) else ())}
    pair = Pair(id="p", kind=PairKind.EXCLUSIVE, asset_types=("drill", "laptop"), active=draw(st.booleans()))
    found = {name: draw(policies(name)) for name in draw(st.sets(st.sampled_from(["a", "b", "c"])))}
    return book(types=types, groups=groups, policies=found, pairs={"p": pair})


@st.composite
def people(draw: st.DrawFn) -> Person:
    hours = draw(st.lists(st.tuples(WHEN, WHEN), max_size=2))
    out = st.builds(holding, KINDS, blocks_from=st.none() | WHEN, site=st.sampled_from(["hq", "dock"]))
    return person(
        groups=draw(st.sampled_from([("crew",), ("night",), ("crew", "night"), ()])),
        valid_from=draw(st.none() | WHEN),
        valid_until=draw(st.none() | WHEN),
        certifications={"crane": Certification(valid_until=draw(WHEN))} if draw(st.booleans()) else {},
        shifts=tuple(Shift(starts=min(each), ends=max(each), groups=("crew",)) for each in hours),
        holdings={f"loan-{number}": each for number, each in enumerate(draw(st.lists(out, max_size=3)))},
        late_returns=tuple(draw(st.lists(WHEN, max_size=2))),
        last_take=draw(st.none() | st.just(LastTake(site="dock", at=NOW))),
    )


@settings(max_examples=300, deadline=None)
@given(rules=rule_books(), who=people(), chance=st.randoms(use_true_random=False))
def test_whatever_is_taken_under_a_roster_the_rules_allow_at_that_moment(
    rules: RuleBook, who: Person, chance: Any
) -> None:
    of = stocked("drill", "saw", "laptop")
    found = rights(who, rules, of)
    left, now = {each.type: each.most for each in found.each}, who
    moments = sorted(
        (at, each.type)
        for each in found.each
        for begins, ends in each.windows
        for at in (begins, begins + (ends - begins) * chance.random(), ends - timedelta(milliseconds=1))
        for _ in range(2)
    )
    taken = 0
    for at, kind in moments:
        if left[kind] and taken < found.most and chance.random() < 0.7:
            door = next(each for each in of.doors if each.contents and each.contents[0].type == kind)
            badge = Badge(id="1.x", person=now.id)
            subject = rules.subject(now, badge, kind, of, at, content=door.contents[0], door=door)
            verdict = evaluate(subject, rules)
            assert verdict.allowed, verdict.trace
            left[kind] -= 1
            taken += 1
            now = replace(now, holdings={**now.holdings, f"new-{taken}": holding(kind)})
