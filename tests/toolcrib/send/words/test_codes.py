"""Whatever the source may want to say has its sentence: codes and keys are looked for where they are written."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from toolcrib.domain.renewing import NOT_RENEWABLE
from toolcrib.flows.choice import SAID
from toolcrib.send.words.saying import WORDS

LAYER = Path("layers/core/python/toolcrib")
TELLS = {"Finding": ("code", "says"), "Told": ("code",), "Sorry": ("code",), "Remark": ("says",), "Refusal": ("says",)}
"""What is told by key, and in which arguments the keys are."""
SAYS = {"_say": 1, "notice": 2, "said": 0}
"""Functions that say something, and the place of the key among their arguments."""
CODES = {
    "person_frozen",
    "person_not_yet_valid",
    "person_expired",
    "badge_revoked",
    "badge_unknown",
    "badge_elsewhere",
    "blocked",
    "no_access",
    "certification_missing",
    "certification_expired",
    "outside_schedule",
    "faulty",
    "service_due",
    "charge_low",
    "pair_conflict",
    "allowance_reached",
    "reserved",
    "held_for_other",
    "pin_required",
    "pin_locked",
    "authorisation_required",
    "terms_required",
}
"""Every refuse code of rules.md."""
NO_RULES = {
    "nothing_available",
    "door_busy",
    "choose_at_kiosk",
    "session_expired",
    "not_here",
    "renewed",
    "handed_over",
}
"""Codes that are no rule (design.md, *Modes of a bank*)."""


def patterns(value: ast.expr) -> Iterator[str]:
    """Yield what an expression may come to, as far as it is written there; a part that is computed may be anything."""
    for node in ast.walk(value):
        if isinstance(node, ast.JoinedStr):
            yield "".join(
                re.escape(str(part.value)) if isinstance(part, ast.Constant) else ".+" for part in node.values
            )
            return
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield re.escape(node.value)


def told(path: Path) -> Iterator[str]:
    calls = (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call))
    for call in calls:
        name = call.func.id if isinstance(call.func, ast.Name) else ""
        named = [given.value for given in call.keywords if given.arg in TELLS.get(name, ())]
        placed = call.args[SAYS[name] : SAYS[name] + 1] if name in SAYS else []
        for value in (*named, *placed):
            yield from patterns(value)


@pytest.mark.parametrize("folder", ["domain", "flows", "send"])
def test_whatever_the_source_says_has_its_sentence(folder: str) -> None:
    found = {(path.name, each) for path in (LAYER / folder).rglob("*.py") for each in told(path)}
    assert found
    assert {each for each in found if not any(re.fullmatch(each[1], key) for key in WORDS)} == set()


def test_every_code_of_the_rules_and_of_the_contract_has_its_sentence() -> None:
    assert WORDS.keys() >= CODES | NO_RULES | set(SAID.values())


def test_every_reason_against_renewing_has_its_sentence() -> None:
    assert WORDS.keys() >= {f"not_renewable.{why}" for why in NOT_RENEWABLE}


def test_everything_a_door_can_come_to_has_its_words() -> None:
    outcomes = {"taken", "not_taken", "wrong_item", "returned", "not_returned", "other_returned", "unknown_tag"}
    assert WORDS.keys() >= outcomes | {"return_unconfirmed", "not_opened", "jammed", "left_open"}


def test_a_key_that_is_put_together_has_to_fit_some_sentence() -> None:
    wanted = ast.parse("Finding(code=f'not_{it}', says='a' if it else None)").body[0].value
    assert [each for given in wanted.keywords for each in patterns(given.value)] == ["not_.+", "a"]
