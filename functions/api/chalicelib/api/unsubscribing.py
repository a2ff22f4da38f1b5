"""The link that ends a digest, for people and mail programs that are not signed in: the link itself is signed."""

from typing import Final

from chalicelib.web.answers import Answer
from chalicelib.web.call import Visit
from chalicelib.web.roles import PUBLIC
from chalicelib.web.routes import Routes

routes: Final = Routes("unsubscribing", {"GET /unsubscribe/{token}": PUBLIC, "POST /unsubscribe/{token}": PUBLIC})


@routes.on("GET /unsubscribe/{token}")
def show_unsubscribing(visit: Visit, token: str) -> Answer[str]:
    """Show what the link in a digest ends. Changes nothing, since scanners of mail open links."""
    from chalicelib.answers.leaving import look  # only who comes by a link waits for the template engine

    return look(token, visit)


@routes.on("POST /unsubscribe/{token}")
def unsubscribe(visit: Visit, token: str) -> Answer[str]:
    """End a digest for the person it was sent to, in one step (RFC 8058); again is the same."""
    from chalicelib.answers.leaving import press

    return press(token, visit)
