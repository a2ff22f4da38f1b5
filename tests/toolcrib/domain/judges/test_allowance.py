"""Row 9: how many things a person may have at once."""

import pytest

from tests.support.judging import NOW, PERIOD, book, subject
from toolcrib.domain.judges.allowance import allowance
from toolcrib.domain.people import Holding
from toolcrib.domain.policies import Allowance, Match, Policy


def held(*things: tuple[str, str, str]) -> dict[str, Holding]:
    """Holdings of (type, site, state)."""
    return {
        f"loan-{number}": Holding(
            asset=f"a-{number}",
            type=kind,
            name="",
            state=state,
            bank=f"{site}-01",
            door=1,
            site=site,
            since=NOW,
            until=NOW,
        )
        for number, (kind, site, state) in enumerate(things)
    }


def most(site: str | None = None, id_: str = "p", **limits: int) -> list[Policy]:
    return [Policy(id=id_, period=PERIOD, allowance=Allowance(**limits), match=Match(site=site))]


TWO_DRILLS = held(("drill", "hq", "open"), ("drill", "dock", "open"))
MIXED = held(
    ("drill", "hq", "open"), ("saw", "hq", "pending"), ("laptop", "dock", "unconfirmed"), ("gone", "dock", "open")
)
ALLOWANCES = [
    ("absent means unlimited", [], MIXED, False, "no limit applies"),
    ("zero means none", most(total=0), {}, True, "0 of at most 0 in total (policy p)"),
    ("below the type", most(type=3), TWO_DRILLS, False, "2 of at most 3 of type drill (policy p)"),
    ("at the type", most(type=2), TWO_DRILLS, True, "2 of at most 2 of type drill (policy p)"),
    ("above the type", most(type=1), TWO_DRILLS, True, "2 of at most 1 of type drill (policy p)"),
    ("other types do not count", most(type=2), MIXED, False, "1 of at most 2 of type drill (policy p)"),
    (
        "at the category, a pending one included",
        most(category=2),
        MIXED,
        True,
        "2 of at most 2 of category tools (policy p)",
    ),
    ("below the category", most(category=3), MIXED, False, "2 of at most 3 of category tools (policy p)"),
    ("at the total, whatever its state or type", most(total=4), MIXED, True, "4 of at most 4 in total (policy p)"),
    ("below the total", most(total=5), MIXED, False, "4 of at most 5 in total (policy p)"),
    (
        "a site's limit counts there only",
        most("hq", type=2),
        TWO_DRILLS,
        False,
        "1 of at most 2 of type drill at hq (policy p)",
    ),
    ("at the site's limit", most("hq", type=1), TWO_DRILLS, True, "1 of at most 1 of type drill at hq (policy p)"),
    ("the site's total", most("hq", total=2), MIXED, True, "2 of at most 2 in total at hq (policy p)"),
    (
        "the org's limit holds beside the site's",
        most("hq", type=9) + most(type=2, id_="q"),
        TWO_DRILLS,
        True,
        "2 of at most 2 of type drill (policy q)",
    ),
    ("a policy of another site means nothing", most("dock", total=0), MIXED, False, "no limit applies"),
    (
        "the lowest of several reached is named",
        most(type=2, total=1),
        TWO_DRILLS,
        True,
        "2 of at most 1 in total (policy p)",
    ),
    (
        "a lower limit that is not reached is not named",
        most(category=9, type=2),
        TWO_DRILLS,
        True,
        "2 of at most 2 of type drill (policy p)",
    ),
    (
        "all limits are told when none is reached",
        most(type=3, total=5),
        TWO_DRILLS,
        False,
        "2 of at most 3 of type drill (policy p); 2 of at most 5 in total (policy p)",
    ),
]


@pytest.mark.parametrize(
    ("policies", "holdings", "refused", "detail"),
    [case[1:] for case in ALLOWANCES],
    ids=[case[0] for case in ALLOWANCES],
)
def test_row_9_loans_and_live_grants_stay_below_every_limit(
    policies: list[Policy], holdings: dict[str, Holding], detail: str, *, refused: bool
) -> None:
    found = allowance(subject(holdings=holdings), book(*policies))
    assert (found.code, found.detail) == ("allowance_reached" if refused else None, detail)


@pytest.mark.parametrize("kind", ["type", "category", "total"])
def test_row_9_says_which_count_was_reached(kind: str) -> None:
    found = allowance(subject(holdings=TWO_DRILLS), book(*most(**{kind: 2})))
    assert found.says == f"allowance_reached.{kind}"
    assert found.facts == {"count": 2, "most": 2, "thing": "Drill"}
