from edge.clock import Now
from edge.conversations import MAX_WAITING, WAIT_MS, Conversations
from tests.edge.rig import EPOCH


def at(mono_ms: int) -> Now:
    return Now(mono_ms=mono_ms, wall=EPOCH)


def waiting() -> Conversations:
    conversations = Conversations()
    conversations.begin("u1", at(0))
    return conversations


def test_somebody_waits_for_30_seconds_and_not_longer() -> None:
    assert waiting().waits("u1", at(WAIT_MS))
    assert not waiting().waits("u1", at(WAIT_MS + 1))
    assert not waiting().waits("u2", at(0))


def test_the_first_answer_consumes_the_wait() -> None:
    conversations = waiting()
    assert conversations.consume("u1", at(1))
    assert not conversations.consume("u1", at(1))
    assert not conversations.waits("u1", at(1))


def test_an_answer_to_nothing_or_too_late_consumes_nothing() -> None:
    conversations = waiting()
    assert not conversations.consume(None, at(1))
    assert not conversations.consume("u1", at(WAIT_MS + 1))


def test_late_ones_are_told_once_when_they_are_due() -> None:
    conversations = waiting()
    due_ms = conversations.due_at_ms()
    assert due_ms == WAIT_MS + 1
    assert conversations.expire(at(due_ms - 1)) == []
    assert conversations.expire(at(due_ms)) == ["u1"]
    assert conversations.expire(at(due_ms)) == []
    assert conversations.due_at_ms() is None


def test_no_more_than_a_few_wait_and_the_oldest_gives_way() -> None:
    conversations = waiting()
    for number in range(MAX_WAITING):
        conversations.begin(f"v{number}", at(1))
    assert not conversations.waits("u1", at(1))
    assert conversations.waits("v0", at(1))
