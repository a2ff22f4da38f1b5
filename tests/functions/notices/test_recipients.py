"""Where a notice goes, and what never shows."""

import pytest

from chalicelib.notices.recipients import Address, addresses
from tests.support.stories import a_notice
from toolcrib.domain.people import Person
from toolcrib.domain.policies import To, Via

SLACK, MAIL = Address(Via.SLACK, "U1"), Address(Via.EMAIL, "maya@acme.example")
MAYA = Person(id="p-1", name="Maya Lind", slack_id="U1", email="maya@acme.example")


@pytest.mark.parametrize(("via", "first"), [(Via.SLACK, SLACK), (Via.EMAIL, MAIL)])
def test_the_channel_asked_for_comes_first(via: Via, first: Address) -> None:
    places = addresses(a_notice(via=via), MAYA, told_another_way=False)
    assert places[0] == first
    assert set(places) == {SLACK, MAIL}


def test_whoever_lacks_one_channel_is_reached_by_the_other() -> None:
    only_mail = Person(id="p-1", name="Maya Lind", email="maya@acme.example")
    assert addresses(a_notice(via=Via.SLACK), only_mail, told_another_way=False) == (MAIL,)


def test_nobody_is_told_twice_by_the_same_channel() -> None:
    only_mail = Person(id="p-1", name="Maya Lind", email="maya@acme.example")
    assert addresses(a_notice(via=Via.SLACK), only_mail, told_another_way=True) == ()
    assert addresses(a_notice(via=Via.EMAIL), only_mail, told_another_way=True) == (MAIL,)


def test_nobody_and_nowhere_have_no_address() -> None:
    assert addresses(a_notice(), None, told_another_way=False) == ()
    assert addresses(a_notice(), Person(id="p-1", name="Maya Lind"), told_another_way=False) == ()


@pytest.mark.parametrize("via", Via)
def test_a_channel_is_in_slack_whatever_was_asked(via: Via) -> None:
    notice = a_notice(to=To.CHANNEL, recipient="#tool-room", via=via)
    assert addresses(notice, None, told_another_way=False) == (Address(Via.SLACK, "#tool-room"),)


def test_an_address_never_shows_in_a_representation() -> None:
    assert "maya" not in repr(MAIL) + str(MAIL)
