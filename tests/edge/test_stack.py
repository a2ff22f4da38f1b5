import json
from pathlib import Path

import pytest

from edge.config import Evidence, Mode
from edge.stack import BadStackError, NoSuchBankError, bank_config, load_stack

STACK = {
    "org": "acme",
    "region": "eu-central-1",
    "mqtt": {"host": "127.0.0.1", "port": 8883, "ca": "ca.pem"},
    "badge_key": {"version": "3", "hex": "00" * 32},
    "banks": {
        "hq-01": {
            "thing": "acme:hq-01",
            "cert": "c",
            "key": "k",
            "command_key": "11" * 32,
            "kid": "2",
            "kiosk": True,
            "simulated": True,
            "doors": 24,
            "evidence": "tags",
        },
        "hq-02": {
            "thing": "acme:hq-02",
            "cert": "c",
            "key": "k",
            "command_key": "11" * 32,
            "kid": "1",
            "kiosk": False,
            "simulated": False,
        },
    },
}


@pytest.fixture
def stack_file(tmp_path: Path) -> Path:
    path = tmp_path / "stack.json"
    path.write_text(json.dumps(STACK))
    return path


def test_a_bank_is_set_up_from_the_stack_file(stack_file: Path) -> None:
    stack = load_stack(stack_file)
    config = bank_config(stack, "hq-01", stack.banks["hq-01"], stack_file.parent)
    assert (config.thing, config.doors, config.evidence, config.mode) == ("acme:hq-01", 24, Evidence.TAGS, Mode.KIOSK)
    assert config.command_keys == {"2": bytes([0x11] * 32)}
    assert (config.badge_keys[0].version, config.journal.name) == ("3", "hq-01.db")


def test_what_only_the_simulation_needs_has_defaults(stack_file: Path) -> None:
    entry = load_stack(stack_file).banks["hq-02"]
    assert (entry.doors, entry.evidence, entry.simulated, entry.windows.open_ms) == (
        8,
        Evidence.DOOR_ONLY,
        False,
        15_000,
    )


def test_an_entry_of_another_bank_is_refused(stack_file: Path) -> None:
    stack = load_stack(stack_file)
    with pytest.raises(NoSuchBankError, match="enrol the bank again"):
        bank_config(stack, "hq-02", stack.banks["hq-01"], stack_file.parent)


def test_a_file_of_another_shape_names_what_does_not_fit(stack_file: Path) -> None:
    stack_file.write_text(json.dumps(STACK | {"mqtt": {"host": "h"}}))
    with pytest.raises(BadStackError, match=r"\$.mqtt"):
        load_stack(stack_file)


@pytest.mark.parametrize("raw", [b"", b"{", b"\xff", b'{"mqtt":{"host":"\xff"}}', b'{"x":' * 100_000, b"[" * 100_000])
def test_a_file_that_is_no_json_says_what_to_do(stack_file: Path, raw: bytes) -> None:
    stack_file.write_bytes(raw)
    with pytest.raises(BadStackError, match="run `toolcrib up` again"):
        load_stack(stack_file)
