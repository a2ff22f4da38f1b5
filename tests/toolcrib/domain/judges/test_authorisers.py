"""Row 13: 0 to 3 others, never the taker, optionally from a group; valid for one grant."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.judging import NOW, PERIOD, SECOND, book, subject
from toolcrib.domain.authorisers import Agreeing, Authoriser, Spent
from toolcrib.domain.judges.authorisers import authorised, spending, still_lacking
from toolcrib.domain.judges.finding import Finding, Need
from toolcrib.domain.people import Group, Person
from toolcrib.domain.policies import Authorisers, Match, Moment, Policy
from toolcrib.domain.rulebook import Given, RuleBook, Subject


def policy(count: int, group: str | None = None, name: str = "p", *on: Moment, **match: str) -> Policy:
    return Policy(
        id=name,
        match=Match(**(match or {"category": "tools"})),
        period=PERIOD,
        authorisers=Authorisers(count=count, group=group, on=on or (Moment.TAKE,)),
    )


def one(person: str, *groups: str, ago: timedelta = timedelta()) -> Authoriser:
    return Authoriser(person=person, groups=groups, at=NOW - ago)


def asked(*joined: Authoriser, **person: object) -> Subject:
    return subject(about={"given": Given(session="s-1", authorisers=joined)}, **person)


def from_afar(*approved: Authoriser, **more: object) -> Agreeing:
    return Agreeing(**{"type": "drill", "site": "hq", "until": NOW, "approved": approved, **more})  # type: ignore[arg-type]


RULES = {
    "none": book(policy(0)),
    "one": book(policy(1)),
    "two": book(policy(2)),
    "three": book(policy(3)),
    "one safety": book(policy(1, "safety")),
    "two, one of them safety": book(policy(2, name="a"), policy(1, "safety", "b", asset_type="drill")),
    "on return only": book(policy(1, None, "p", Moment.RETURN)),
    "another type": book(policy(1, asset_type="saw")),
}
CASES = [
    ("none", asked(), 0),
    ("on return only", asked(), 0),
    ("another type", asked(), 0),
    ("one", asked(), 1),
    ("one", asked(one("tom")), 0),
    ("one", asked(one("ana")), 1),
    ("two", asked(one("tom")), 1),
    ("two", asked(one("tom"), one("tom")), 1),
    ("two", asked(one("tom"), one("ana")), 1),
    ("two", asked(one("tom"), one("eva")), 0),
    ("three", asked(one("tom"), one("eva")), 1),
    ("three", asked(one("tom"), one("eva"), one("jan")), 0),
    ("one safety", asked(one("tom", "crew")), 1),
    ("one safety", asked(one("tom", "crew", "safety")), 0),
    ("two, one of them safety", asked(one("tom"), one("eva")), 1),
    ("two, one of them safety", asked(one("tom"), one("eva", "safety")), 0),
    ("two, one of them safety", asked(one("eva", "safety")), 1),
]


@pytest.mark.parametrize(("rules", "question", "short"), CASES)
def test_row_13_as_many_others_as_are_asked_for(rules: str, question: Subject, short: int) -> None:
    found = authorised(question, RULES[rules])
    assert (found.code, found.needs) == (("authorisation_required", (Need.AUTHORISER,)) if short else (None, ()))
    assert sum(each.count for each in still_lacking(question, RULES[rules])) == short


@pytest.mark.parametrize(
    ("asked_for", "passes"),
    [
        (from_afar(one("tom")), True),
        (from_afar(one("tom"), until=NOW + timedelta(minutes=15)), True),
        (from_afar(one("tom"), until=NOW - SECOND), False),
        (from_afar(one("ana")), False),
        (from_afar(), False),
        (from_afar(one("tom"), type="saw"), False),
        (from_afar(one("tom"), site="dock"), False),
    ],
    ids=["at its end", "early", "a second late", "the taker", "nobody yet", "another type", "another site"],
)
def test_row_13_what_was_approved_from_afar_counts_until_its_end(asked_for: Agreeing, *, passes: bool) -> None:
    found = authorised(asked(asked={"r-1": asked_for}), RULES["one"])
    assert (found.code is None) is passes


def test_row_13_a_badge_here_and_an_approval_from_afar_add_up() -> None:
    question = asked(one("tom"), asked={"r-1": from_afar(one("eva"))})
    assert authorised(question, RULES["two"]).code is None
    assert authorised(asked(one("tom"), asked={"r-1": from_afar(one("tom"))}), RULES["two"]).code is not None


def test_row_13_a_session_counts_for_one_grant() -> None:
    assert authorised(asked(one("tom"), spent={"s-1": NOW}), RULES["one"]).code == "authorisation_required"
    assert authorised(asked(one("tom"), spent={"s-0": NOW}), RULES["one"]).code is None


def test_row_13_the_event_of_the_take_names_who_agreed() -> None:
    found = authorised(asked(one("tom", "safety"), one("eva"), one("ana")), RULES["two"])
    assert found.proves == {"authorisers": "eva,tom"}
    only = authorised(asked(one("tom", "safety"), one("eva")), RULES["one safety"])
    assert only.proves == {"authorisers": "tom"}


def test_row_13_a_take_uses_up_the_session_and_the_requests_about_it() -> None:
    requests = {"r-1": from_afar(one("eva")), "r-2": from_afar(type="saw"), "r-3": from_afar()}
    assert spending(asked(one("tom"), asked=requests), RULES["two"]) == Spent(
        demands=(Authorisers(count=2),), session="s-1", requests=("r-1", "r-3"), approvers=("eva",)
    )
    assert spending(asked(asked=requests), RULES["one"]) == Spent(
        demands=(Authorisers(count=1),), requests=("r-1", "r-3"), approvers=("eva",)
    )
    assert spending(asked(one("tom")), RULES["none"]) is None


SAFETY = {"safety": Group(id="safety", name="Safety officers")}
BOTH = book(policy(2, name="a"), policy(1, "safety", "b", asset_type="drill"), groups=SAFETY)


def short(detail: str, count: int, group: str = "") -> Finding:
    return Finding(
        code="authorisation_required",
        detail=detail,
        says="authorisation_required.group" if group else None,
        facts={"count": count, "thing": "Drill", "group": group},
        needs=(Need.AUTHORISER,),
    )


def agreed(names: str) -> Finding:
    return Finding(detail=f"agreed: {names}", proves={"authorisers": names})


SAID = [
    ("nobody is asked for", RULES["none"], asked(), Finding(detail="nobody else has to agree")),
    ("all of them lack", RULES["two"], asked(), short("2 of anybody else lacking", 2)),
    ("one of two lacks", RULES["two"], asked(one("tom")), short("1 of anybody else lacking, agreed: tom", 1)),
    (
        "two of three lack no more",
        RULES["three"],
        asked(one("tom"), one("eva")),
        short("1 of anybody else lacking, agreed: eva,tom", 1),
    ),
    (
        "of a group",
        book(policy(1, "safety"), groups=SAFETY),
        asked(),
        short("1 of safety lacking", 1, "Safety officers"),
    ),
    (
        "of a group that is gone, by its id",
        RULES["one safety"],
        asked(one("tom")),
        short("1 of safety lacking", 1, "safety"),
    ),
    (
        "of anybody and of a group, the first of which people are told",
        BOTH,
        asked(one("tom")),
        short("1 of anybody else; 1 of safety lacking, agreed: tom", 1),
    ),
    (
        "of a group only, of two demands",
        BOTH,
        asked(one("tom"), one("eva")),
        short("1 of safety lacking, agreed: eva,tom", 1, "Safety officers"),
    ),
    ("none lack", RULES["two"], asked(one("tom"), one("eva")), agreed("eva,tom")),
    ("none of the group lacks", BOTH, asked(one("tom"), one("eva", "safety")), agreed("eva,tom")),
]


@pytest.mark.parametrize(("rules", "question", "found"), [case[1:] for case in SAID], ids=[case[0] for case in SAID])
def test_row_13_says_who_agreed_and_how_many_of_whom_lack(rules: RuleBook, question: Subject, found: Finding) -> None:
    assert authorised(question, rules) == found


@pytest.mark.parametrize(("who", "passes"), [("boss", False), ("ana", False), ("tom", True)])
def test_row_13_neither_the_borrower_nor_who_borrows_for_them_agrees_to_it(who: str, *, passes: bool) -> None:
    about = {"given": Given(session="s-1", authorisers=(one(who),)), "actor": Person(id="boss", name="Bo")}
    found = authorised(subject(about=about), RULES["one"])
    assert found == (agreed(who) if passes else short("1 of anybody else lacking", 1))


def test_row_13_who_is_not_asked_for_uses_up_nothing() -> None:
    question = asked(one("tom"), asked={"r-1": from_afar(one("eva", "safety"), one("jan"))})
    assert spending(question, RULES["one safety"]) == Spent(
        demands=(Authorisers(count=1, group="safety"),), requests=("r-1",), approvers=("eva",)
    )


def test_row_13_a_session_that_is_used_up_is_not_used_up_again() -> None:
    spent = spending(asked(one("tom"), spent={"s-1": NOW}), RULES["one"])
    assert spent == Spent(demands=(Authorisers(count=1),))


@given(
    st.integers(1, 3),
    st.lists(st.sampled_from(["ana", "tom", "eva", "jan"])),
    st.lists(st.sampled_from(["ana", "tom", "eva", "jan"])),
)
def test_row_13_the_taker_never_counts_and_nobody_counts_twice(count: int, here: list[str], afar: list[str]) -> None:
    question = asked(*map(one, here), asked={"r-1": from_afar(*map(one, afar))})
    others = {*here, *afar} - {"ana"}
    assert (authorised(question, book(policy(count))).code is None) is (len(others) >= count)
    named = authorised(question, book(policy(count))).proves.get("authorisers", "")
    assert "ana" not in named.split(",")
