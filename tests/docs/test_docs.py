"""What can be used is described: every route, command, setting, topic and event file is in the docs."""

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest
from typer import Typer

from edge.cli.doors import app as doors_app
from edge.cli.main import VERBS as BOARD_VERBS
from infra.cli.main import VERBS
from infra.cli.verbs.bank import app as bank_app
from infra.cli.verbs.notices import app as notices_app
from infra.cli.verbs.update import app as update_app
from tests.docs.settings import rows
from toolcrib.settings import Settings
from toolcrib.wire import downs, uploads

DOCS = Path("docs")
OPENAPI = json.loads((DOCS / "openapi.json").read_text())
ROUTES = [f"{method.upper()} {path}" for path, methods in OPENAPI["paths"].items() for method in methods]
KINDS = ["tap", "choice", "fetch", "time", "door", "fault", "status", "alarm"]
ANSWERS = ["session", "open", "notice", "ack", "roster", "fetch", "time"]
PAGES = sorted([*DOCS.glob("*.md"), *Path().glob("*.md")])


def commands() -> list[str]:
    cloud = _commands("toolcrib", VERBS, {"bank": bank_app, "notices": notices_app, "update": update_app})
    return [*cloud, *_commands("toolcrib-bank", BOARD_VERBS, {"doors": doors_app})]


def _commands(program: str, verbs: Iterable[str], groups: Mapping[str, Typer]) -> list[str]:
    inner = [
        f"{program} {verb} {command.name or getattr(command.callback, '__name__', '')}"
        for verb, app in groups.items()
        for command in app.registered_commands
    ]
    return [*(f"{program} {verb}" for verb in verbs if verb not in groups), *inner]


@pytest.mark.parametrize("route", ROUTES)
def test_every_route_is_described(route: str) -> None:
    assert f"`{route}`" in (DOCS / "api.md").read_text()


@pytest.mark.parametrize("command", commands())
def test_every_command_is_described(command: str) -> None:
    assert f"`{command}" in (DOCS / "command.md").read_text()


@pytest.mark.parametrize("name", Settings.__struct_fields__)
def test_every_setting_is_described(name: str) -> None:
    assert f"`{name.upper()}`" in (DOCS / "settings.md").read_text()


@pytest.mark.parametrize("row", sorted(set(rows())))
def test_every_setting_of_a_bank_is_described_in_the_words_of_its_errors(row: str) -> None:
    assert row in (DOCS / "hardware.md").read_text()


@pytest.mark.parametrize("topic", [*(f"up/{kind}" for kind in KINDS), *(f"down/{kind}" for kind in ANSWERS)])
def test_every_topic_is_described(topic: str) -> None:
    assert f"`{topic}`" in (DOCS / "mqtt.md").read_text()


def test_the_topics_are_those_of_the_wire() -> None:
    sent = {name.removesuffix("Down").lower() for name in vars(downs) if name.endswith("Down")} - {""}
    heard = {name.lower() for name, kind in vars(uploads).items() if isinstance(kind, type) and _is_upload(kind)}
    assert sent == set(ANSWERS)
    assert heard == set(KINDS)


def _is_upload(kind: type) -> bool:
    return issubclass(kind, uploads.Upload) and kind not in {uploads.Upload, uploads.Conversation, uploads.Report}


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_no_link_leads_nowhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text())
    missing = [link for link in links if "://" not in link and not (page.parent / link).exists()]
    assert not missing


def test_every_picture_is_shown_somewhere_and_all_are_small() -> None:
    shown = {Path(found).name for page in PAGES for found in re.findall(r"\]\((\S+\.(?:png|svg))\)", page.read_text())}
    pictures = [each for each in (DOCS / "pictures").rglob("*") if each.is_file()]
    kiosks = [each for each in pictures if each.parent.name == "kiosk"]
    assert {picture.name for picture in pictures} == shown
    assert sum(picture.stat().st_size for picture in pictures if picture not in kiosks) < 600_000
    assert max(picture.stat().st_size for picture in kiosks) < 40_000
    assert sum(picture.stat().st_size for picture in kiosks) < 600_000
