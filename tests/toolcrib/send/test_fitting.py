"""A session fits into one message, whatever a bank holds and whatever things are called."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.support.workplace import NOW
from toolcrib.domain.doors import MAX_DOORS
from toolcrib.domain.languages import SPOKEN
from toolcrib.send.fitting import fitted, size
from toolcrib.send.words.reader import Reader
from toolcrib.wire.arrivals import MAX_BYTES
from toolcrib.wire.downs import OptionShown, PersonShown, RefusalShown, SessionDown

READER = Reader(now=NOW)
KINDS = ("return", "renew", "take", "not_taken", "not_returned")
lengths = st.integers(0, 200)


def option(number: int, kind: str = "take", title: str = "Take Socket set") -> OptionShown:
    due, note = NOW + timedelta(hours=8), f"Drill {number}, the one in the lowest door."
    return OptionShown(option=f"{kind}:type-{number}", kind=kind, title=title, door=number, due_at=due, note=note)


def refusal(number: int, text: str = "You may not take it here. Ask your supervisor for it.") -> RefusalShown:
    return RefusalShown(title=f"Thing {number}", code="no_access", text=text)


def session(*options: OptionShown, refusals: tuple[RefusalShown, ...] = ()) -> SessionDown:
    person = PersonShown(display="Ada L.", language="en")
    shown = SessionDown(session="x" * 500, expires_at=NOW, person=person, options=options, refusals=refusals)
    return replace(shown, re="01J0000000000000000000000A")


def test_what_fits_stays_as_it_is() -> None:
    shown = session(*map(option, range(20)), refusals=tuple(map(refusal, range(10))))
    assert fitted(shown, READER) is shown


def test_a_message_of_exactly_the_limit_fits() -> None:
    short = session(option(1), refusals=(refusal(1, ""),))
    full = session(option(1), refusals=(refusal(1, "x" * (MAX_BYTES - size(short))),))
    assert size(full) == MAX_BYTES
    assert fitted(full, READER) is full
    over = session(option(1), refusals=(refusal(1, "x" * (MAX_BYTES - size(short) + 1)),))
    assert [each.code for each in fitted(over, READER).refusals] == ["not_shown"]


def test_refusals_are_left_out_before_any_option_and_their_number_is_told() -> None:
    shown = session(*map(option, range(30)), refusals=tuple(map(refusal, range(60))))
    fits = fitted(shown, READER)
    assert fits.options == shown.options
    *kept, closing = fits.refusals
    assert tuple(kept) == shown.refusals[: len(kept)]
    assert 0 < len(kept) < 60
    assert (closing.code, closing.text) == ("not_shown", f"{60 - len(kept)} more things do not fit on this screen.")


def test_every_door_of_the_largest_bank_can_be_chosen() -> None:
    shown = session(*map(option, range(MAX_DOORS)), refusals=(refusal(1),))
    assert size(shown) > MAX_BYTES
    fits = fitted(shown, READER)
    assert [each.option for each in fits.options] == [each.option for each in shown.options]
    assert {(each.note, each.due_at) for each in fits.options} == {(None, None)}


def test_notes_go_before_due_times() -> None:
    shown = session(*map(option, range(47)))
    assert size(shown) > MAX_BYTES
    assert {(each.note, each.due_at is None) for each in fitted(shown, READER).options} == {(None, False)}


def test_takes_give_way_to_what_comes_back() -> None:
    long = "Take " + "ł" * 200
    shown = session(
        *(option(number, "return", long) for number in range(8)),
        *(option(number, "take", long) for number in range(30)),
        *(option(number, "not_returned", long) for number in range(2)),
    )
    fits = fitted(shown, READER)
    kinds = [each.kind for each in fits.options]
    assert kinds == ["return"] * 8 + ["take"] * (len(kinds) - 10) + ["not_returned"] * 2
    assert len(kinds) > 10
    assert fits.refusals[-1].text == f"{40 - len(kinds)} more things do not fit on this screen."


@given(
    options=st.lists(st.tuples(st.sampled_from(KINDS), lengths), max_size=80),
    texts=st.lists(lengths, max_size=80),
    language=st.sampled_from(SPOKEN),
)
def test_it_always_fits_and_nothing_is_made_up(options: list[tuple[str, int]], texts: list[int], language: str) -> None:
    shown = session(
        *(option(number, kind, "ł" * length) for number, (kind, length) in enumerate(options)),
        refusals=tuple(refusal(number, "€" * length) for number, length in enumerate(texts)),
    )
    fits = fitted(shown, replace(READER, language=language))
    assert size(fits) <= MAX_BYTES
    ids = [each.option for each in shown.options]
    assert [each for each in ids if each in {each.option for each in fits.options}] == [
        each.option for each in fits.options
    ]
    told = [each for each in fits.refusals if each.code != "not_shown"]
    assert told == list(shown.refusals[: len(told)])
    complete = len(told) == len(texts) and len(fits.options) == len(options)
    assert complete == (len(told) == len(fits.refusals))


@pytest.mark.parametrize("language", SPOKEN)
def test_the_number_is_told_in_the_readers_language(language: str) -> None:
    shown = session(*map(option, range(30)), refusals=tuple(map(refusal, range(60))))
    closing = fitted(shown, Reader(language=language, now=NOW)).refusals[-1].text
    assert (closing.endswith("do not fit on this screen.")) == (language == "en")
