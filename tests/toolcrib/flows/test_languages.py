"""People are spoken to in their language, and the bank and the API give word for word the same reason."""

from datetime import time, timedelta
from typing import Any

import pytest

from chalicelib.flows.admin import dry_run
from tests.support.admins import asked
from tests.support.banks import FakeBank
from tests.support.workplace import FALLBACK, NOW, TOKEN, bank, drill, person, rules, site
from tests.support.world import World
from toolcrib.domain.doors import Mode
from toolcrib.domain.languages import SPOKEN
from toolcrib.domain.policies import Allowance, Hours
from toolcrib.domain.record import replace
from toolcrib.send.sessions import LIFE

STRANGER = "1.-pnMU7FdXx7KBosQjy9OX9sYCdOAbc8IiTIxYfJ83wc"
ON_MONDAYS = replace(FALLBACK, schedule={"1": (Hours(opens=time(8), closes=time(9)),)})
REASONS: dict[str, tuple[dict[str, Any], tuple[Any, ...]]] = {
    "person_frozen": ({"active": False}, ()),
    "person_not_yet_valid": ({"valid_from": NOW + timedelta(days=50)}, ()),
    "person_expired": ({"valid_until": NOW}, ()),
    "no_access": ({"groups": ()}, ()),
    "outside_schedule": ({}, (ON_MONDAYS,)),
    "allowance_reached": ({}, (replace(FALLBACK, allowance=Allowance(type=0)),)),
}
"""What makes a rule refuse: fields of the person, and rules."""
QUESTION = dry_run.Question(person="p-1", bank="hq-01", asset_type="drill")


def put(here: World, reason: str, language: str, mode: Mode) -> FakeBank:
    fields, book = REASONS[reason]
    hq = here.place(bank(mode=mode), stowed={1: drill(1)})
    here.meet(person(language=language, **fields), TOKEN)
    rules(*book)
    return hq


def told_by_api(here: World) -> str | None:
    _, text = dry_run.judge(asked("dry-run", at=here.now), QUESTION)
    return text


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize("language", SPOKEN)
@pytest.mark.parametrize("reason", REASONS)
def test_bank_and_api_give_the_same_reason_word_for_word(here: World, reason: str, language: str, mode: Mode) -> None:
    said = put(here, reason, language, mode).tap().body
    shown = said["refusals"][0] if mode is Mode.KIOSK else said
    assert shown["code"] == reason
    assert shown["text"] == told_by_api(here)


def test_reasons_differ_from_language_to_language(here: World) -> None:
    hq, said = put(here, "person_expired", "en", Mode.EXPRESS), set()
    for language in SPOKEN:
        here.meet(person(language=language, valid_until=NOW), TOKEN)
        said.add(hq.tap().body["text"])
    assert len(said) == len(SPOKEN)
    assert "Your time here ended on Fri 20 Nov, 10:00. Ask your supervisor to extend it." in said


def test_where_taking_is_allowed_the_api_has_nothing_to_say(here: World) -> None:
    here.place(bank(), stowed={1: drill(1)})
    here.meet(person(language="de"), TOKEN)
    assert told_by_api(here) is None


def test_options_are_titled_in_the_language_of_whoever_tapped(here: World) -> None:
    hq = here.place(bank(mode=Mode.KIOSK), stowed={1: drill(1), 2: replace(drill(2), type="saw")})
    here.meet(person(language="pl-PL", groups=()), TOKEN)
    assert hq.tap().body["refusals"][0]["text"] == "Nie możesz tu pobrać: Cordless drill. Poproś przełożonego o dostęp."


def test_a_door_speaks_the_language_of_whom_it_was_opened_for(here: World) -> None:
    hq = here.place(bank(), stowed={1: drill(1)})
    here.meet(person(language="es"), TOKEN)
    told = hq.does(hq.tap(), "closed", tags=[])[-1]
    assert told.body["text"] == "Drill 1 es suyo hasta vie 20 nov, 18:00."


def test_a_badge_nobody_knows_is_told_so_in_the_language_of_the_site(here: World) -> None:
    rules(site(language="fr"))
    hq = here.place(bank(), stowed={1: drill(1)})
    said = hq.tap(STRANGER).body
    assert (said["code"], said["text"].startswith("Ce badge n’est pas connu ici.")) == ("badge_unknown", True)


def test_a_session_that_is_over_ends_in_the_language_of_the_site(here: World) -> None:
    rules(site(language="de"))
    shown = (hq := put(here, "no_access", "en", Mode.KIOSK)).tap()
    here.later(seconds=int(LIFE.total_seconds()) + 1)
    said = hq.choose(shown, "take:drill").body
    assert (said["code"], said["text"].startswith("Das hat zu lange gedauert.")) == ("session_expired", True)
