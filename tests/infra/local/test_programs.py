"""The programs beside MiniStack: started once, found again where they were, stopped in order."""

import socket
from collections.abc import Iterator

import httpx
import pytest

from infra.local import ports, processes, programs
from infra.local.home import Home, LocalStackError


@pytest.fixture
def home(folder: Home, monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    monkeypatch.setattr(programs, "USUAL_PORTS", dict.fromkeys(programs.USUAL_PORTS, ports._any_free()))
    yield folder
    programs.stop_all(folder)


def test_the_inbox_starts_once_and_comes_back_where_it_was(home: Home) -> None:
    url = programs.start_inbox(home, "http://127.0.0.1:1", "secret")
    first = processes.find(home, programs.INBOX)
    assert httpx.get(f"{url}/slack").json() == []
    assert programs.start_inbox(home, "http://127.0.0.1:1", "secret") == url
    assert processes.find(home, programs.INBOX) == first
    assert programs.stop_all(home) == ["inbox"]
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{url}/slack")
    assert programs.start_inbox(home, "http://127.0.0.1:1", "secret") == url


def test_where_its_port_is_taken_it_listens_elsewhere(home: Home) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", programs.USUAL_PORTS["inbox"]))
        other.listen()
        url = programs.start_inbox(home, "http://127.0.0.1:1", "secret")
    assert not url.endswith(f":{programs.USUAL_PORTS['inbox']}")
    assert httpx.get(f"{url}/slack").is_success


def test_a_program_that_ends_at_once_is_an_error_that_names_its_log(home: Home) -> None:
    with pytest.raises(LocalStackError, match=r"The fleet ended; read .*fleet\.log"):
        programs.start_fleet(home)  # there is no stack.json to read


def test_without_simulated_banks_there_is_no_panel(home: Home) -> None:
    with pytest.raises(LocalStackError, match="Start them: make up"):
        programs.panel_url(home)


def test_banks_sign_off_before_their_broker_goes() -> None:
    assert programs.ALL.index("fleet") < programs.ALL.index("ministack")
