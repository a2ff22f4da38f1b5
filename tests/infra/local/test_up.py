"""`toolcrib up`: what it may delete, what it wakes, what it waits for."""

import json
from typing import Any

import pytest

from infra.local import load, sample, up, warm
from infra.local.home import Home, LocalStackError


def test_an_empty_start_never_deletes_a_folder_that_is_not_a_stacks(folder: Home) -> None:
    folder.folder.mkdir()
    precious = folder.folder / "thesis.txt"
    precious.write_text("years of work")
    with pytest.raises(LocalStackError, match="is not a local stack's folder"):
        up._clear(folder)
    assert precious.read_text() == "years of work"


def test_an_empty_start_forgets_a_stack(folder: Home) -> None:
    folder.write("root.json", {"port": 1})
    folder.write("stack.json", {"org": "acme"})
    up._clear(folder)
    assert not folder.folder.exists()
    up._clear(folder)


class Lambda:
    """Remembers who was woken; one of them fails."""

    def __init__(self) -> None:
        self.woken: list[tuple[str, Any]] = []

    def client(self, _: str) -> "Lambda":
        return self

    def invoke(self, **asked: Any) -> None:
        self.woken.append((asked["FunctionName"], json.loads(asked["Payload"])))
        if asked["FunctionName"] == "f-on_tap":
            raise ConnectionError


def test_what_banks_need_is_awake_when_the_body_is_done_whatever_becomes_of_it() -> None:
    functions = {name: f"f-{name}" for name in (*warm.NEEDED, "sweep")}
    target: Any = Lambda()
    with warm.warming(target, functions):
        pass
    assert {name for name, _ in target.woken} == {functions[name] for name in warm.NEEDED}
    assert all(event["thing"].count(":") == 0 for _, event in target.woken)  # no bank is named so


class Panel:
    """Banks that become ready one look after the other."""

    def __init__(self, *looks: dict[str, bool]) -> None:
        self.looks = list(looks)

    def banks(self) -> dict[str, dict[str, Any]]:
        look = self.looks.pop(0) if len(self.looks) > 1 else self.looks[0]
        return {name: {"ready": ready} for name, ready in look.items()}


def test_it_waits_until_every_bank_is_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(up, "LOOK_EVERY_S", 0)
    panel: Any = Panel({"hq-01": False, "hq-02": True}, {"hq-01": True, "hq-02": True})
    assert up._wait(panel, 60) == []


def test_it_names_the_banks_that_do_not_come(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(up, "LOOK_EVERY_S", 0)
    panel: Any = Panel({"hq-01": False, "hq-02": True})
    assert up._wait(panel, 0) == ["hq-01"]


def test_it_says_where_each_simulated_bank_can_be_played(folder: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(up.programs, "panel_url", lambda _: "http://127.0.0.1:4581")
    folder.write("stack.json", {"banks": {"hq-01": {"simulated": True}, "my-01": {"simulated": False}}})
    assert up.plays(folder) == {"hq-01": "http://127.0.0.1:4581/play/hq-01"}


def test_the_things_of_the_sample_have_names_that_people_read() -> None:
    names = load.names()
    stowed = {tag for cabinet in sample.BANKS for tags in load.contents(cabinet.id).values() for tag in tags}
    assert stowed <= names.keys()
    assert all(names.values())
