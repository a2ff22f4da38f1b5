from edge.outbox import BATCH, BATCH_PAUSE_MS, FIRST_RETRY_MS, MAX_RETRY_MS, Outbox


def outbox(jitter: float = 0.0) -> Outbox:
    return Outbox(lambda: jitter)


def test_a_new_report_is_due_at_once_and_then_with_growing_pauses() -> None:
    box = outbox()
    box.add(["a"], 0)
    moments = [0]
    assert box.due(0) == ["a"]
    for _ in range(4):
        due_ms = box.due_at_ms()
        assert due_ms is not None
        assert box.due(due_ms - 1) == []
        assert box.due(due_ms) == ["a"]
        moments.append(due_ms)
    assert moments == [0, 5_000, 15_000, 35_000, 75_000]


def test_the_pause_never_exceeds_its_limit_and_its_jitter() -> None:
    box = outbox(jitter=0.999)
    box.add(["a"], 0)
    moment = 0
    for _ in range(40):
        box.due(moment)
        due_ms = box.due_at_ms()
        assert due_ms is not None
        assert FIRST_RETRY_MS <= due_ms - moment <= MAX_RETRY_MS * 1.5
        moment = due_ms


def test_what_was_acknowledged_is_never_sent_again() -> None:
    box = outbox()
    box.add(["a", "b"], 0)
    box.drop(["a", "unknown"])
    assert box.due(0) == ["b"]
    box.drop(["b"])
    assert box.due(10**9) == []
    assert box.due_at_ms() is None


def test_a_backlog_goes_out_oldest_first_in_batches_with_pauses() -> None:
    box = outbox()
    ids = [f"r{number:03d}" for number in range(BATCH + 5)]
    box.add(ids, 0)
    assert box.due(0) == ids[:BATCH]
    assert box.due(BATCH_PAUSE_MS - 1) == []
    assert box.due_at_ms() == BATCH_PAUSE_MS
    assert box.due(BATCH_PAUSE_MS) == ids[BATCH:]


def test_when_the_connection_is_back_everything_is_due_once_oldest_first() -> None:
    box = outbox()
    box.add(["a", "b"], 0)
    box.due(0)
    box.add(["c"], 1)
    box.rush(2)
    assert box.due(2) == ["a", "b", "c"]
    assert box.due(2) == []


def test_adding_again_does_not_send_twice() -> None:
    box = outbox()
    box.add(["a"], 0)
    box.due(0)
    box.add(["a"], 1)
    assert box.due(1) == ["a"]
    assert box.due(FIRST_RETRY_MS) == []
    assert box.due(1 + FIRST_RETRY_MS) == ["a"]
