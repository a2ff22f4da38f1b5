"""Which port to listen on: nothing is started where something else already answers."""

import socket

from infra.local.home import LocalStackError

HOST = "127.0.0.1"


def choose(asked: int | None, usual: int) -> int:
    """Return the port asked for, else the usual one, else any free one.

    Raises:
        LocalStackError: when the port asked for is taken.
    """
    if asked is not None and not _is_free(asked):
        raise LocalStackError(f"Port {asked} is taken by another program. Stop that, or choose another port.")
    if asked is not None or _is_free(usual):
        return asked or usual
    return _any_free()


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def _any_free() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
    return port
