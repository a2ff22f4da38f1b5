from dataclasses import replace

import pytest

from tests.edge.rig import BADGE_KEY, CONFIG


def test_the_thing_names_org_and_bank_and_the_topics_follow() -> None:
    assert CONFIG.thing == "acme:hq-01"
    assert CONFIG.topic("up", "tap") == "toolcrib/v1/acme:hq-01/up/tap"
    assert list(CONFIG.door_numbers) == [1, 2, 3, 4]


def test_no_key_shows_in_its_representation() -> None:
    shown = repr(CONFIG)
    assert "command_keys" not in shown
    assert "x00" not in shown


@pytest.mark.parametrize("doors", [0, -1, 65])
def test_a_bank_has_1_to_64_doors(doors: int) -> None:
    with pytest.raises(ValueError, match="1 to 64"):
        replace(CONFIG, doors=doors)


@pytest.mark.parametrize("keys", [(), (BADGE_KEY,) * 3])
def test_a_bank_has_one_badge_key_or_two(keys: tuple[object, ...]) -> None:
    with pytest.raises(ValueError, match="badge keys"):
        replace(CONFIG, badge_keys=keys)


def test_a_bank_without_a_command_key_is_not_enrolled() -> None:
    with pytest.raises(ValueError, match="enrol it again"):
        replace(CONFIG, command_keys={})
