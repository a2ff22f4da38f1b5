"""The sample workplace is what the README promises, and every body is one the API takes."""

from collections import Counter
from typing import Any

import msgspec
import pytest

from chalicelib.api import asset_types, assets, badges, banks, groups, people, policies, sites
from chalicelib.deciding.badges import canonical
from infra.local import load, sample
from infra.local.banks import _body
from infra.local.sample.assets import CONTENTS
from infra.local.sample.rules import FALLBACK
from toolcrib.domain.durations import iso
from toolcrib.domain.people import Group

BODIES: list[tuple[Any, type]] = [
    *((site, sites.NewSite) for site in sample.SITES),
    *((group, groups.NewGroup) for group in sample.GROUPS),
    *((kind, asset_types.NewAssetType) for kind in sample.TYPES),
    *((policy, policies.NewPolicy) for policy in (FALLBACK, *sample.POLICIES)),
    *((person, people.NewPerson) for person, _ in sample.PEOPLE),
    *((sample.number(badge), badges.NewBadge) for _, badge in sample.PEOPLE),
    *((_body(cabinet), banks.NewBank) for cabinet in sample.BANKS),
    *((asset, assets.NewAsset) for asset in sample.ASSETS),
]


def test_every_body_is_one_the_api_takes() -> None:
    for body, kind in BODIES:
        msgspec.convert(body, kind)


def test_it_is_as_large_as_promised() -> None:
    assert len({site["time_zone"] for site in sample.SITES}) == len(sample.SITES) == 2
    assert len(sample.PEOPLE) == 40
    assert 55 <= len(sample.ASSETS) <= 65
    assert len(sample.TYPES) == 8
    wanted = {
        "hq-01": ("tags", "kiosk", 12),
        "hq-02": ("presence", "express", 8),
        "dock-01": ("door_only", "express", 24),
    }
    assert {each.id: (each.evidence, each.mode, each.doors) for each in sample.BANKS} == wanted
    assert {"laptop", "torque-wrench", "barcode-scanner", "thermal-camera"} <= {kind["id"] for kind in sample.TYPES}


@pytest.mark.parametrize("what", ["id", "email", "slack_id"])
def test_no_two_people_share(what: str) -> None:
    assert max(Counter(person[what] for person, _ in sample.PEOPLE).values()) == 1


def test_badges_are_of_three_kinds_and_no_two_read_alike() -> None:
    uids = [sample.uid(badge) for _, badge in sample.PEOPLE]
    assert len(set(uids)) == len(uids)
    assert {len(uid) // 2 for uid in uids} == {3, 4, 7}
    assert "04A2246B1F9080" in uids


def test_a_badge_is_given_to_the_api_as_the_reader_at_a_bank_sees_it() -> None:
    for _, badge in sample.PEOPLE:
        given = msgspec.convert(sample.number(badge), badges.NewBadge)
        assert canonical(given.number, given.format) == sample.uid(badge)


def test_things_have_tags_and_serial_numbers_of_their_own() -> None:
    for what in ("id", "tag", "serial"):
        assert len({asset[what] for asset in sample.ASSETS}) == len(sample.ASSETS)
    assert all(len(bytes.fromhex(asset["tag"])) == 12 for asset in sample.ASSETS)


def test_whatever_is_stowed_exists_fits_its_door_and_leaves_doors_free_for_returns() -> None:
    order = "SMLXL"
    sizes = {kind["id"]: kind["size"] for kind in sample.TYPES}
    known = {asset["id"]: asset for asset in sample.ASSETS}
    cabinets = {cabinet.id: cabinet for cabinet in sample.BANKS}
    assert len({(bank, door) for _, bank, door in sample.STOWED}) == len(sample.STOWED)
    for asset, bank, _ in sample.STOWED:
        assert order.index(sizes[known[asset]["type"]]) <= order.index(cabinets[bank].size)
        assert known[asset]["site"] == cabinets[bank].site
    for bank, cabinet in cabinets.items():
        assert sum(count for _, count in CONTENTS[bank]) < cabinet.doors
        assert len(load.contents(bank)) == sum(count for _, count in CONTENTS[bank])


def test_at_an_express_bank_everybody_finds_at_most_one_type_on_offer() -> None:
    categories = {kind["id"]: kind["category"] for kind in sample.TYPES}
    given = {group["id"]: msgspec.convert(group, Group) for group in sample.GROUPS}
    for cabinet in (each for each in sample.BANKS if each.mode == "express"):
        for person, _ in sample.PEOPLE:
            found = {
                kind
                for kind, _ in CONTENTS[cabinet.id]
                for group in person["groups"]
                for grant in given[group].grants
                if (kind in grant.asset_types or categories[kind] in grant.categories)
                and (cabinet.id in grant.banks or cabinet.site in grant.sites)
            }
            assert len(found) <= 1, (person["id"], cabinet.id)


def test_loan_periods_are_minutes_hours_days_and_a_fixed_local_time() -> None:
    periods = {str(policy["loan_period"]) for policy in sample.POLICIES}
    assert {"PT45M", "PT4H", "P3D", "{'until': '17:30'}"} <= periods


def test_a_year_late_holder_and_supervisor_hear_of_it_in_slack_and_by_mail() -> None:
    for policy in (FALLBACK, *sample.POLICIES):
        ladder = msgspec.convert(policy, policies.NewPolicy).ladder
        for to in ("holder", "supervisor"):
            last = max(step.offset for step in ladder if step.to == to)
            assert {str(step.via) for step in ladder if step.to == to and step.offset == last} == {"slack", "email"}, (
                policy["id"],
                to,
                iso(last),
            )


def test_everybody_who_is_named_is_there() -> None:
    there = {person["id"] for person, _ in sample.PEOPLE}
    managers = {person["manager"] for person, _ in sample.PEOPLE} - {None}
    supervisors = {name for site in sample.SITES for name in site["supervisors"]}
    owners = {kind["owner"] for kind in sample.TYPES}
    users = {person for person, _ in sample.USERS.values()}
    assert managers | supervisors | owners | users <= there
