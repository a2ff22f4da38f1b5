"""Row 4: somebody gave this person access to such things here."""

import pytest

from tests.support.judging import NOW, SECOND, book, subject
from toolcrib.domain.judges.access import access
from toolcrib.domain.judges.finding import Finding
from toolcrib.domain.people import Group, GroupGrant, Shift
from toolcrib.domain.record import replace

GRANTS = [
    ("anything anywhere", GroupGrant(), True),
    ("the type", GroupGrant(asset_types=("saw", "drill")), True),
    ("another type", GroupGrant(asset_types=("saw",)), False),
    ("the category", GroupGrant(categories=("tools",)), True),
    ("another category", GroupGrant(categories=("it",)), False),
    ("another type but the category", GroupGrant(asset_types=("laptop",), categories=("tools",)), True),
    ("the site", GroupGrant(sites=("hq",)), True),
    ("another site", GroupGrant(sites=("dock",)), False),
    ("the bank", GroupGrant(banks=("hq-01",)), True),
    ("another bank of the site", GroupGrant(banks=("hq-02",)), False),
    ("another site but the bank", GroupGrant(sites=("dock",), banks=("hq-01",)), True),
    ("the type at another site", GroupGrant(asset_types=("drill",), sites=("dock",)), False),
    ("another type at the site", GroupGrant(asset_types=("saw",), sites=("hq",)), False),
    ("the category at the bank", GroupGrant(categories=("tools",), banks=("hq-01",)), True),
]


@pytest.mark.parametrize(("grant", "granted"), [case[1:] for case in GRANTS], ids=[case[0] for case in GRANTS])
def test_row_4_a_group_grants_the_type_at_the_bank(grant: GroupGrant, *, granted: bool) -> None:
    found = access(subject(), book(grants=(grant,)))
    assert found.code == (None if granted else "no_access")
    assert found.detail == ("group crew grants drill at hq-01" if granted else "none of 1 groups grants drill at hq-01")


@pytest.mark.parametrize("groups", [(), ("gone",), ("night",)])
def test_row_4_without_a_group_that_grants_it_nothing_may_be_taken(groups: tuple[str, ...]) -> None:
    everyone = replace(
        book(grants=(GroupGrant(),)),
        groups={"crew": Group(id="crew", name="", grants=(GroupGrant(),)), "night": Group(id="night", name="")},
    )
    assert access(subject(groups=groups), everyone).code == "no_access"


def test_row_4_says_which_group_grants_what_where_or_what_nobody_granted() -> None:
    rules = book(grants=(GroupGrant(),))
    assert access(subject(), rules) == Finding(detail="group crew grants drill at hq-01")
    assert access(subject(groups=("gone",)), rules) == Finding(
        code="no_access", detail="none of 0 groups grants drill at hq-01", facts={"thing": "Drill"}
    )


@pytest.mark.parametrize(
    ("shift", "code"),
    [
        (Shift(starts=NOW, ends=NOW + SECOND, groups=("crew",)), None),
        (Shift(starts=NOW - SECOND, ends=NOW, groups=("crew",)), "no_access"),
        (Shift(starts=NOW + SECOND, ends=NOW + 2 * SECOND, groups=("crew",)), "no_access"),
        (Shift(starts=NOW, ends=NOW + SECOND, groups=("night",)), "no_access"),
    ],
    ids=["running", "just over", "not begun", "of another group"],
)
def test_row_4_a_shift_gives_its_groups_access_while_it_runs(shift: Shift, code: str | None) -> None:
    assert access(subject(groups=(), shifts=(shift,)), book(grants=(GroupGrant(),))).code == code


def test_row_4_one_grant_of_one_group_is_enough() -> None:
    grants = (GroupGrant(asset_types=("saw",)), GroupGrant(asset_types=("drill",)))
    assert access(subject(groups=("gone", "crew")), book(grants=grants)).code is None
