"""Is it there, and which version."""

from typing import Final

import msgspec

from chalicelib.web.answers import Answer
from chalicelib.web.roles import PUBLIC
from chalicelib.web.routes import Routes
from toolcrib import __version__

routes: Final = Routes("health", {"GET /health": PUBLIC})


class Health(msgspec.Struct, frozen=True):
    """`versions` names the contract and the software."""

    status: str
    versions: dict[str, str]


@routes.on("GET /health")
def health() -> Answer[Health]:
    """Say that the API is there. Needs no sign-in and touches nothing."""
    return Answer(Health(status="ok", versions={"api": "1", "toolcrib": __version__}))
