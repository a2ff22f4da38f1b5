"""The systemd unit: what it starts, when it is believed to be well, and what it may touch."""

import shutil
import subprocess
from pathlib import Path

import pytest

UNIT = Path("edge/systemd/toolcrib-bank.service")
SETTINGS = [line.split("=", 1) for line in UNIT.read_text().splitlines() if "=" in line and not line.startswith("#")]


def values(name: str) -> list[str]:
    return [value for key, value in SETTINGS if key == name]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Type", "notify"),
        ("WatchdogSec", "30"),
        ("Restart", "always"),
        ("ExecStartPre", "-/usr/bin/python3 -I /usr/local/lib/toolcrib-bank/guard.py /opt/toolcrib"),
        ("ExecStartPost", "-/usr/bin/python3 -I /usr/local/lib/toolcrib-bank/guard.py /opt/toolcrib $MAINPID"),
        ("ExecStart", "/opt/toolcrib/current/bin/toolcrib-bank run --config /etc/toolcrib/bank.toml"),
        ("ReadWritePaths", "-/opt/toolcrib"),
        ("ReadOnlyPaths", "/etc/toolcrib"),
        ("OOMPolicy", "continue"),
        ("StartLimitIntervalSec", "0"),
        ("User", "toolcrib"),
        ("ProtectSystem", "strict"),
        ("DevicePolicy", "closed"),
        ("NoNewPrivileges", "yes"),
        ("CapabilityBoundingSet", ""),
        ("StateDirectory", "toolcrib"),
        ("UMask", "0077"),
    ],
)
def test_the_unit_says(name: str, value: str) -> None:
    assert values(name) == [value]


def test_no_status_keeps_it_from_being_started_again_because_the_guard_judges_at_a_start() -> None:
    assert [name for name, _ in SETTINGS if name.startswith("RestartPrevent") or name == "SuccessExitStatus"] == []


def test_the_guard_lies_where_the_bank_cannot_write() -> None:
    guard, root = values("ExecStartPre")[0].split()[2:]
    assert not Path(guard).is_relative_to(root)
    assert [each for each in values("ReadWritePaths") if Path(guard).is_relative_to(each.removeprefix("-"))] == []


def test_it_reaches_serial_lines_and_input_devices_and_no_other() -> None:
    assert sorted(values("DeviceAllow")) == [
        f"char-{kind} rw" for kind in ("input", "ttyACM", "ttyAMA", "ttyS", "ttyUSB")
    ]


def test_systemd_itself_finds_nothing_wrong(tmp_path: Path) -> None:
    """Where there is systemd; a laptop without it has the settings above."""
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        assert values("ExecStart")[0].split()[1:2] == ["run"]
        return
    unit = tmp_path / UNIT.name
    unit.write_text(
        UNIT.read_text().replace("/opt/toolcrib/current/bin/toolcrib-bank", shutil.which("true") or "/bin/true")
    )
    run = subprocess.run([analyze, "verify", unit], capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr) == (0, "")
