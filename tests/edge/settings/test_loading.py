"""Settings are explained: every misfit says which key, what was found and what to write, all of them at once."""

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from edge.config import Evidence, Mode
from edge.settings.loading import EXAMPLE, bank_config, load_bank, load_identity
from edge.settings.problems import BadSettingsError
from edge.settings.schema import BankFile

KEY, OTHER = "ab" * 32, "cd" * 32


def example() -> dict[str, Any]:
    return tomllib.loads(EXAMPLE.read_text())


def written(folder: Path, table: dict[str, Any]) -> Path:
    path = folder / "bank.toml"
    path.write_text(_toml(table))
    return path


def _toml(table: dict[str, Any]) -> str:
    """Enough TOML for tests: every table inline."""
    return "\n".join(f"{name} = {_value(value)}" for name, value in table.items())


def _value(value: object) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_value(each)}" for key, each in value.items()) + " }"
    return str(value).lower() if isinstance(value, bool) else repr(value).replace("'", '"')


def problems(folder: Path, table: dict[str, Any]) -> dict[str, str]:
    with pytest.raises(BadSettingsError) as refusal:
        load_bank(written(folder, table))
    return {problem.key: f"{problem.found}. {problem.instead}" for problem in refusal.value.problems}


def test_the_example_can_be_used() -> None:
    file = load_bank(EXAMPLE)
    assert (file.bank.org, len(file.doors), sorted(file.devices)) == ("acme", 4, ["io", "locks", "reader", "uhf"])


def test_the_example_written_again_is_the_example(tmp_path: Path) -> None:
    assert load_bank(written(tmp_path, example())) == load_bank(EXAMPLE)


def test_settings_become_the_controllers(tmp_path: Path) -> None:
    file = identified(tmp_path)
    config = bank_config(file, load_identity(file))
    assert (config.thing, config.doors, config.evidence, config.mode) == (
        "acme:hq-01",
        4,
        Evidence.PRESENCE,
        Mode.KIOSK,
    )
    assert config.command_keys == {"2": bytes.fromhex(KEY)}
    assert [(each.version, each.key.hex()) for each in config.badge_keys] == [("1", OTHER)]
    assert (config.windows.open_ms, config.windows.close_ms, config.windows.alarm_ms) == (15_000, 60_000, 120_000)
    assert config.journal == Path("/var/lib/toolcrib/hq-01.db")


def test_everything_that_is_wrong_is_said_at_once(tmp_path: Path) -> None:
    table = example()
    table["bank"] |= {"org": "a b", "evidence": "hope", "colour": "red"}
    del table["bank"]["id"]
    table["kiosk"]["port"] = 80
    table["devices"]["locks"]["kind"] = "lock_bord"
    table["doors"]["1"]["lock"]["chanel"] = 3
    found = problems(tmp_path, table)
    assert set(found) == {
        "bank.org",
        "bank.id",
        "bank.evidence",
        "bank.colour",
        "kiosk.port",
        "devices.locks.kind",
        "doors.1.lock.chanel",
    }


@pytest.mark.parametrize(
    ("where", "value", "key", "said"),
    [
        ("bank.org", 7, "bank.org", "found 7. Write the organisation's id, such as 'acme'."),
        ("broker.port", "8883", "broker.port", "found '8883'. Write the broker's port, such as 8883."),
        ("broker.prt", 1, "broker.prt", "there is no such setting. Did you mean port?"),
        ("devices.io.parity", "odd ", "devices.io.parity", "found 'odd '. Write none, even or odd"),
        ("devices.uhf.kind", "llrp", "devices.uhf.kind", "Write one of keyboard_reader, lock_board, modbus_rtu"),
        ("doors.1.lock", 1, "doors.1.lock", "found 1. Write a table with its settings below it."),
        ("doors.1.lock.board", 0, "doors.1.lock.board", "found 0. Write the board's address on its line, such as 1."),
        ("files.identity", "identity", "files.identity", "found 'identity'. Write who this bank is"),
        ("broker.template", "a/b", "broker.template", "found 'a/b'. Write the provisioning template"),
        ("windows.open_s", 3600, "windows.open_s", "found 3600. Write seconds to pull an unlocked door, such as 15."),
        ("doors.1.lock.device", "lock", "doors.1.lock.device", "there is no device 'lock'. Name one of io, locks"),
        ("doors.1.lock.device", "uhf", "doors.1.lock.device", "uhf is a uhf_module. For lock name a device of kind"),
        ("doors.2.lock.channel", 1, "doors.2.lock", "doors.1.lock is wired to the same terminal"),
        ("doors.4.lock.board", 32, "doors.4.lock", "Lock boards have addresses 1 to 31"),
        ("bank.evidence", "tags", "bank.evidence", "tags, but doors 2, 3, 4 have no tags"),
        ("windows.close_s", 15, "windows", "Each must be longer than the one before."),
        ("kiosk.columns", [4, 0], "kiosk.columns", "found [4, 0]. Write how many doors each column has, from the left"),
        ("kiosk.columns", [2, 1], "kiosk.columns", "[2, 1]: 3 doors, but the bank has 4. Count the doors of each"),
        ("kiosk.language", "tlh", "kiosk.language", "Write what it speaks while nobody is known: en, de, es, fr, pl"),
        ("kiosk.photos", "no", "kiosk.photos", "Write whether a fault may have a photo, such as True."),
        ("updates", {}, "updates.keys", "is missing. Write files with the public keys of who may release software"),
        ("updates", {"keys": []}, "updates.keys", "found []. Write files with the public keys"),
        ("updates", {"keys": ["publisher.pub"]}, "updates.keys", "such as ['/etc/toolcrib/publisher.pub']."),
        ("updates", {"keys": ["/a", "/b", "/c"]}, "updates.keys", "two while one is changed"),
        ("updates", {"keys": ["/a/p.pub", "/b/p.pub"]}, "updates.keys", "two files are named p. A release names its"),
        ("updates", {"keys": ["/a"], "root": "opt"}, "updates.root", "Write the folder with both slots"),
        ("updates", {"kyes": ["/a"]}, "updates.kyes", "Did you mean keys?"),
        ("updates", True, "updates", "Write a table with its settings below it."),
        ("updates", {"keys": ["/a/p.pub", "/a/q.pub"]}, None, ""),
        ("kiosk.columns", [2, 2], None, ""),
        ("devices.uhf.port", "/dev/a", None, ""),
    ],
)
def test_each_misfit_is_explained(tmp_path: Path, where: str, value: object, key: str | None, said: str) -> None:
    table = example()
    *path, last = where.split(".")
    inner = table
    for name in path:
        inner = inner[name]
    inner[last] = value
    if key is None:
        load_bank(written(tmp_path, table))
        return
    assert said in problems(tmp_path, table)[key]


def test_a_bank_follows_updates_only_where_the_settings_ask_for_it(tmp_path: Path) -> None:
    assert load_bank(EXAMPLE).updates is None
    asked = load_bank(written(tmp_path, example() | {"updates": {"keys": ["/etc/toolcrib/publisher.pub"]}})).updates
    assert asked is not None
    assert asked.root == "/opt/toolcrib"


def test_two_devices_cannot_share_a_line(tmp_path: Path) -> None:
    table = example()
    table["devices"]["io"]["port"] = table["devices"]["locks"]["port"]
    assert "locks is on /dev/serial" in problems(tmp_path, table)["devices.io"]


@pytest.mark.parametrize("numbers", [["0", "1"], ["1", "3"], ["a"]])
def test_doors_are_numbered_from_one_without_a_gap(tmp_path: Path, numbers: list[str]) -> None:
    table = example()
    door = table["doors"]["2"]
    table["doors"] = {
        number: {name: {**point, "channel": at + 1} for name, point in door.items()}
        for at, number in enumerate(numbers)
    }
    assert "without a gap" in problems(tmp_path, table)["doors"]


def test_a_bank_has_at_most_64_doors(tmp_path: Path) -> None:
    table = example()
    door = table["doors"]["2"]
    table["doors"] = {
        str(at): {name: {**point, "board": at % 16 + 1, "channel": at // 16 + 1} for name, point in door.items()}
        for at in range(1, 66)
    }
    assert "there are 65" in problems(tmp_path, table)["doors"]


@pytest.mark.parametrize("missing", ["bank", "broker", "devices", "doors"])
def test_a_missing_table_is_named(tmp_path: Path, missing: str) -> None:
    table = example()
    del table[missing]
    assert "is missing" in problems(tmp_path, table)[missing]


def test_a_file_that_is_missing_or_no_toml_says_where(tmp_path: Path) -> None:
    with pytest.raises(BadSettingsError, match=r"an example is .*bank\.example\.toml"):
        load_bank(tmp_path / "none.toml")
    (tmp_path / "bank.toml").write_text("[bank\norg = 1")
    with pytest.raises(BadSettingsError, match="line 1"):
        load_bank(tmp_path / "bank.toml")
    (tmp_path / "bank.toml").write_bytes(b"\xff")
    with pytest.raises(BadSettingsError, match="UTF-8"):
        load_bank(tmp_path / "bank.toml")


def identified(folder: Path, thing: str = "acme:hq-01", **more: Any) -> BankFile:
    """Settings of a bank that is enrolled, and its secrets."""
    place = folder / "identity" / "current"
    place.mkdir(parents=True)
    secrets: dict[str, Any] = {
        "thing": thing,
        "kid": "2",
        "command_key": KEY,
        "badge_key": {"version": "1", "hex": OTHER},
        "mqtt": {"host": "broker.example", "port": 8883},
    }
    for name, content in (("bank.json", json.dumps(secrets | more)), ("key.pem", "-"), ("cert.pem", "-")):
        (place / name).write_text(content)
        (place / name).chmod(0o600)
    table = example()
    table["files"]["identity"] = str(folder / "identity")
    return load_bank(written(folder, table))


def test_two_badge_keys_hold_while_the_org_changes_them(tmp_path: Path) -> None:
    file = identified(tmp_path, former_badge_key={"version": "0", "hex": KEY})
    assert [each.version for each in bank_config(file, load_identity(file)).badge_keys] == ["1", "0"]


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o660, 0o666, 0o610])
@pytest.mark.parametrize("name", ["bank.json", "key.pem"])
def test_secrets_that_others_may_touch_are_not_used(tmp_path: Path, name: str, mode: int) -> None:
    file = identified(tmp_path)
    (tmp_path / "identity" / "current" / name).chmod(mode)
    with pytest.raises(BadSettingsError, match="chmod 600"):
        load_identity(file)


def test_a_board_that_is_another_bank_does_not_run_as_this_one(tmp_path: Path) -> None:
    with pytest.raises(BadSettingsError, match="enrolled as acme:hq-02"):
        load_identity(identified(tmp_path, "acme:hq-02"))


@pytest.mark.parametrize(
    "more", [{"command_key": KEY[:-1]}, {"command_key": "zz" * 32}, {"badge_key": OTHER}, {"kid": 2}]
)
def test_keys_that_do_not_fit_are_never_shown(tmp_path: Path, more: dict[str, Any]) -> None:
    with pytest.raises(BadSettingsError, match="toolcrib-bank enrol") as refusal:
        load_identity(identified(tmp_path, **more))
    assert not any(secret in str(refusal.value) for secret in (KEY[:16], OTHER[:16], "zz" * 8))
