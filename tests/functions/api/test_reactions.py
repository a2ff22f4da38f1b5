"""Reacting to a notice over HTTP: as often as it is repeated once, and with no more rights than its own route gives."""

import pytest

from chalicelib.flows.react import RIGHTS
from tests.support.filled import filled_orgs
from tests.support.http import Client
from tests.support.requests import ROUTES
from toolcrib.domain.reactions import Reaction

SAME = {
    Reaction.EXTEND: "POST /loans/{id}/renew",
    Reaction.REMIND: "POST /loans/{id}/recall",
    Reaction.LOST: "POST /assets/{id}/move",
    Reaction.CASE: "POST /loans/{id}/dispute",
    Reaction.QUARANTINE: "POST /banks/{id}/doors/{door}/inspect",
    Reaction.REPAIR: "POST /cases/{id}/resolve",
    Reaction.APPROVE: "POST /authorisations/{id}/approve",
    Reaction.REFUSE: "POST /authorisations/{id}/refuse",
}


@pytest.mark.parametrize("reaction", Reaction)
def test_a_reaction_needs_the_rights_of_the_route_that_does_the_same(reaction: Reaction) -> None:
    name = SAME.get(reaction, "POST /notices/{id}/reactions")
    assert RIGHTS[reaction] == ROUTES[name].row.roles


def test_it_is_shown_who_did_what_and_a_repeat_is_told_the_same() -> None:
    with filled_orgs():
        first = Client("self").post("/notices/hq/reactions", {"reaction": "acknowledge"}, key="k")
        again = Client("self").post("/notices/hq/reactions", {"reaction": "acknowledge"}, key="k")

        assert (first.status, again.status, first.json) == (201, 201, again.json)
        acted = Client("admin").get("/notices/hq").json["acted"]
        assert (acted["reaction"], acted["by"]) == ("acknowledge", "hq")


def test_what_the_notice_does_not_offer_is_refused() -> None:
    with filled_orgs():
        reply = Client("admin").post("/notices/hq/reactions", {"reaction": "extend"})
        assert (reply.status, reply.json["code"]) == (409, "not_offered")
        assert Client("admin").post("/notices/hq/reactions", {"reaction": "open"}).status == 400
