"""Slack's private answers and the app's home: in their reader's language, with times on their site's clock."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.slack import words
from chalicelib.slack.pressing import not_done
from tests.support.filled import filled_orgs
from tests.support.slack import Slack, slack_at_hand
from tests.support.workplace import NOW, ORG
from toolcrib.domain.cases import CaseKind
from toolcrib.domain.languages import SPOKEN
from toolcrib.domain.people import Holding
from toolcrib.domain.record import replace
from toolcrib.domain.states import State
from toolcrib.send.words.reader import Reader
from toolcrib.store import mapping
from toolcrib.store.assets import load_asset
from toolcrib.store.people import describe_person, load_person

LATER = NOW + timedelta(hours=9)
HOLDING = Holding(
    asset="hq",
    type="drill",
    name="Drill",
    state="open",
    bank="hq",
    door=1,
    site="hq",
    since=NOW,
    until=NOW,
    renew_from=NOW,
)
NOTHING = {
    "en": "You have nothing.",
    "de": "Sie haben nichts.",
    "es": "No tiene usted nada.",
    "fr": "Vous n'avez rien.",
    "pl": "Nic nie masz.",
}


@pytest.fixture
def slack() -> Iterator[Slack]:
    with filled_orgs(), slack_at_hand() as here:
        for person, user in (("hq", "UHQ"), ("boss", "UBOSS")):
            known(person, slack_id=user)
        yield here


def known(person: str, **more: Any) -> None:
    before = load_person(ORG, person)
    op = f"op-{person}-{before.version}"
    describe_person(ORG, op, NOW, replace(before, **more, version=before.version + 1), before)


def has_a_drill(person: str) -> None:
    mapping.person_item(ORG, replace(load_person(ORG, person), holdings={"hq": HOLDING})).save()


def texts(blocks: list[dict[str, Any]]) -> list[str]:
    return [block["text"]["text"] for block in blocks]


@pytest.mark.parametrize("language", SPOKEN)
def test_a_command_is_answered_in_ones_language(slack: Slack, language: str) -> None:
    known("hq", language=language)
    assert slack.command("UHQ", "mine") == [NOTHING[language]]
    assert len(slack.command("UHQ", "help")) == len(words.HELP)


@pytest.mark.parametrize("language", ["it", "xx", None])
def test_who_speaks_another_language_reads_english(slack: Slack, language: str | None) -> None:
    known("hq", language=language)
    assert slack.command("UHQ", "mine") == [NOTHING["en"]]


def test_times_are_told_on_the_sites_clock(slack: Slack) -> None:
    known("hq", language="de")
    has_a_drill("hq")
    assert slack.command("UHQ", "mine") == ["• Drill · fällig Fr 20. Nov., 10:00"]
    slack.at = LATER
    assert slack.command("UHQ", "mine") == ["⏰ Drill · war fällig Fr 20. Nov., 10:00"]


def test_the_home_speaks_its_owners_language(slack: Slack) -> None:
    known("boss", language="pl")
    known("hq", language="fr")
    has_a_drill("hq")
    home = slack.open_home("UHQ")
    assert texts(home) == ["Ce que vous avez", "Drill\nà rendre ven. 20 nov., 10:00"]
    assert home[1]["accessory"]["text"]["text"] == "Garder plus longtemps"
    assert [each for each in texts(slack.open_home("UBOSS")) if each in {"Spóźnione", "Brakuje", "Otwarte sprawy"}]


def test_why_something_was_not_done_is_told_in_ones_language(slack: Slack) -> None:
    known("hq", language="es")
    slack.press("UHQ", "lost", "acme/hq")
    assert slack.whispers == ["No se hizo. No le corresponde a usted. Pregunte a un supervisor."]


@pytest.mark.parametrize("language", SPOKEN)
def test_every_reason_is_a_sentence(language: str) -> None:
    how = Reader(language=language, now=NOW)
    codes = ("not_found", "not_allowed", "not_offered", "conflict", "not_renewable", "blocked", "another", "")
    said = {code: not_done(code, how) for code in codes}
    assert len(set(said.values())) == len(codes) - 1, "one sentence for whatever has none of its own"
    assert all(text.endswith(".") and "{" not in text for text in said.values())


def test_every_state_and_every_kind_of_case_has_words() -> None:
    assert words.STATES.keys() == set(State)
    assert words.KINDS.keys() == set(CaseKind)


def test_an_open_case_says_what_where_and_since_when(slack: Slack) -> None:
    known("boss", language="de")
    shown = json.dumps(slack.open_home("UBOSS"), ensure_ascii=False)
    assert "Ein Fehler wurde gemeldet · " in shown
    assert "seit Fr 20. Nov., 10:00" in shown


def test_names_stay_as_they_are_typed(slack: Slack) -> None:
    known("boss", language="fr")
    mapping.asset_item(ORG, replace(load_asset(ORG, "hq"), name="{who} <!channel>")).save()
    assert slack.command("UBOSS", "who hq") == ["{who} &lt;!channel&gt; (hq): personne ne l'a (en réserve)"]
