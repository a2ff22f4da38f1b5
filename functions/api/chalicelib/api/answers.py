"""Links in mails, for people who are not signed in: the link names who it was sent to, and is signed."""

from typing import Final

from chalicelib.answers.standing import look, press
from chalicelib.web.answers import Answer
from chalicelib.web.call import Visit
from chalicelib.web.roles import PUBLIC
from chalicelib.web.routes import Routes

routes: Final = Routes("answers", {"GET /answers/{token}": PUBLIC, "POST /answers/{token}": PUBLIC})


@routes.on("GET /answers/{token}")
def show_answer(visit: Visit, token: str) -> Answer[str]:
    """Show what a link in a mail will do. Changes nothing, since scanners of mail open links."""
    from chalicelib.answers.pages import page  # only who comes by a link waits for the template engine

    return page(look(token, visit), visit)


@routes.on("POST /answers/{token}")
def press_answer(visit: Visit, token: str) -> Answer[str]:
    """Do what a link in a mail stands for, once, as the person it was sent to, and say what was done."""
    from chalicelib.answers.pages import page

    return page(press(token, visit), visit)
