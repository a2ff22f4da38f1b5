"""A notice from its record to its channel: read again before it is sent, never twice, never lost."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.notices import deliver_notice, email, mail_links, slack
from chalicelib.notices.deliver_notice import deliver
from chalicelib.notices.notsent import NotSent
from chalicelib.notices.recipients import ELSEWHERE_AFTER
from chalicelib.notices.wording.message import Message
from tests.support.stories import DUE, HOUR, a_case, a_loan, a_notice
from tests.support.tables import ANSWERS, tables_in_memory
from tests.support.workplace import ORG, put_asset, put_person, rules
from toolcrib.clients import client
from toolcrib.domain import outbox
from toolcrib.domain.assets import Asset, AssetType, Custodian
from toolcrib.domain.cases import Case, CaseState
from toolcrib.domain.loans import Loan, LoanState
from toolcrib.domain.notices import Notice, NoticeState
from toolcrib.domain.people import Person
from toolcrib.domain.policies import Match, Period, Policy, Site, Step, Terms, To, Via
from toolcrib.domain.record import replace
from toolcrib.domain.refusals import NotFound
from toolcrib.send.answer_links import LIFE, believed
from toolcrib.settings import Settings
from toolcrib.store import mapping
from toolcrib.store.notices import load_notice, save_notice
from toolcrib.store.tables import connection

NOW = DUE + 2 * HOUR
MAYA = Person(id="p-1", name="Maya Lind", slack_id="U0MAYA", email="maya@acme.example")
OMAR = Person(id="p-9", name="Omar Haddad", email="omar@acme.example")
TO_OMAR: dict[str, Any] = {"to": To.SUPERVISOR, "recipient": "p-9", "via": Via.EMAIL}

Sent = list[tuple[str, str, Message]]


@pytest.fixture(autouse=True)
def workplace() -> Iterator[None]:
    with tables_in_memory():
        rules(
            Site(id="hq", name="HQ Berlin", time_zone="Europe/Berlin", supervisors=("p-9",), channel="#tool-room"),
            AssetType(id="thermal-camera", name="Thermal camera", category="measuring"),
            Policy(id="fallback", match=Match(), period=Period(after=8 * HOUR)),
        )
        put_person(MAYA)
        put_person(OMAR)
        put_asset(Asset(id="cam-2", type="thermal-camera", name="Thermal camera 2", custodian=Custodian.site("hq")))
        put(a_loan())
        yield


@pytest.fixture(autouse=True)
def sent(monkeypatch: pytest.MonkeyPatch) -> Sent:
    """What went out: channel, address, message."""
    out: Sent = []
    monkeypatch.setattr(slack, "send", lambda where, message, **_: out.append(("slack", where, message)))
    monkeypatch.setattr(email, "send", lambda to, message: out.append(("email", to, message)))
    return out


def put(record: Loan | Case | Notice) -> None:
    """Put a record as it is, whatever was there."""
    connection()
    makers: dict[type, Callable[..., Any]] = {
        Loan: mapping.loan_item,
        Case: mapping.case_item,
        Notice: mapping.notice_item,
    }
    makers[type(record)](ORG, record).save()


def noted(**more: Any) -> Notice:
    notice = a_notice(**more)
    put(notice)
    return notice


def now_on_record() -> Notice:
    return load_notice(ORG, "notice-1")


def refuse(monkeypatch: pytest.MonkeyPatch, channel: Any, failure: NotSent) -> list[int]:
    """Make a channel fail; return the count of tries as a growing list."""
    tries: list[int] = []

    def fail(*_: Any, **__: Any) -> None:
        tries.append(len(tries) + 1)
        raise failure

    monkeypatch.setattr(channel, "send", fail)
    return tries


def test_a_notice_is_sent_and_says_so(sent: Sent) -> None:
    noted()
    assert deliver("notice-1", ORG, NOW) is NoticeState.SENT
    assert [(via, to) for via, to, _ in sent] == [("slack", "U0MAYA")]
    assert sent[0][2].subject == "Overdue by 2 hours: Thermal camera 2"
    record = now_on_record()
    assert (record.state, record.sent_at, record.attempts, record.wake_at) == (NoticeState.SENT, NOW, 1, None)


def test_a_mail_to_a_supervisor_names_holder_and_thing(sent: Sent) -> None:
    noted(**TO_OMAR)
    deliver("notice-1", ORG, NOW)
    via, to, message = sent[0]
    assert (via, to) == ("email", "omar@acme.example")
    assert message.subject == "Overdue by 2 hours: Thermal camera 2, with Maya Lind"


def test_a_channel_is_told_by_its_name(sent: Sent) -> None:
    noted(to=To.CHANNEL, recipient="#tool-room")
    deliver("notice-1", ORG, NOW)
    assert sent[0][:2] == ("slack", "#tool-room")


def test_no_address_is_ever_on_the_record() -> None:
    noted()
    deliver("notice-1", ORG, NOW)
    assert not any(secret in repr(now_on_record()) for secret in ("U0MAYA", "maya@", "Maya"))


def test_the_same_notice_twice_is_sent_once(sent: Sent) -> None:
    noted()
    deliver("notice-1", ORG, NOW)
    assert deliver("notice-1", ORG, NOW) is None
    assert len(sent) == 1


@pytest.mark.parametrize("state", sorted(set(NoticeState) - {NoticeState.PENDING, NoticeState.SENDING}))
def test_what_is_over_is_not_sent(sent: Sent, state: NoticeState) -> None:
    noted(state=state)
    assert deliver("notice-1", ORG, NOW) is None
    assert sent == []
    assert now_on_record().version == 1


def test_an_unknown_notice_is_refused() -> None:
    with pytest.raises(NotFound):
        deliver("nobody", ORG, NOW)


def test_another_orgs_notice_is_unknown(sent: Sent) -> None:
    noted()
    with pytest.raises(NotFound):
        deliver("notice-1", "globex", NOW)
    assert sent == []


@pytest.mark.parametrize("state", sorted(set(LoanState) - {LoanState.OPEN}))
def test_returned_between_record_and_send_is_not_told(sent: Sent, state: LoanState) -> None:
    noted()
    put(a_loan(state=state))
    assert deliver("notice-1", ORG, NOW) is NoticeState.CANCELLED
    assert sent == []


def test_a_new_due_time_silences_the_old_notices(sent: Sent) -> None:
    noted()
    put(a_loan(due_version=2))
    assert deliver("notice-1", ORG, NOW) is NoticeState.CANCELLED
    assert sent == []


def test_a_paused_holder_is_told_when_the_pause_ends(sent: Sent) -> None:
    noted()
    put(a_loan(paused_until=NOW + 24 * HOUR))
    assert deliver("notice-1", ORG, NOW) is NoticeState.PENDING
    assert now_on_record().wake_at == NOW + 24 * HOUR
    assert deliver("notice-1", ORG, NOW + HOUR) is None
    assert sent == []
    assert deliver("notice-1", ORG, NOW + 24 * HOUR) is NoticeState.SENT


def test_a_pause_does_not_keep_it_from_the_supervisor(sent: Sent) -> None:
    noted(**TO_OMAR)
    put(a_loan(paused_until=NOW + 24 * HOUR))
    assert deliver("notice-1", ORG, NOW) is NoticeState.SENT
    assert len(sent) == 1


def test_a_case_is_told_about_until_it_is_resolved(sent: Sent) -> None:
    about = {"loan": None, "case": "case-1", "step": "forced", "due_version": None}
    noted(**TO_OMAR, **about)
    put(a_case())
    assert deliver("notice-1", ORG, NOW) is NoticeState.SENT
    assert sent[0][2].subject == "Forced open: door 3 of hq-01"
    put(replace(a_notice(**TO_OMAR, **about), id="notice-2"))
    put(a_case(state=CaseState.RESOLVED))
    assert deliver("notice-2", ORG, NOW) is NoticeState.CANCELLED
    assert len(sent) == 1


def test_two_senders_at_once_send_once(monkeypatch: pytest.MonkeyPatch, sent: Sent) -> None:
    """The other one wakes up while the first has read the notice and not claimed it yet."""
    noted()
    judged = outbox.judged

    def slow(*args: Any, **more: Any) -> Notice | None:
        monkeypatch.setattr(outbox, "judged", judged)
        assert deliver("notice-1", ORG, NOW) is NoticeState.SENT
        return judged(*args, **more)

    monkeypatch.setattr(outbox, "judged", slow)
    assert deliver("notice-1", ORG, NOW) is None
    assert len(sent) == 1


def test_a_dead_senders_notice_is_sent_after_its_lease(monkeypatch: pytest.MonkeyPatch, sent: Sent) -> None:
    noted()
    with monkeypatch.context() as context:
        context.setattr(deliver_notice, "_tried", lambda *_: (_ for _ in ()).throw(MemoryError))
        with pytest.raises(MemoryError):
            deliver("notice-1", ORG, NOW)
    assert deliver("notice-1", ORG, NOW + timedelta(minutes=1)) is None
    assert deliver("notice-1", ORG, NOW + outbox.LEASE) is NoticeState.SENT
    assert (len(sent), now_on_record().attempts) == (1, 2)


def test_a_failed_try_is_on_the_record_and_comes_back(monkeypatch: pytest.MonkeyPatch, sent: Sent) -> None:
    noted()
    with monkeypatch.context() as context:
        refuse(context, slack, NotSent("slack_http_503"))
        assert deliver("notice-1", ORG, NOW) is NoticeState.PENDING
    record = now_on_record()
    assert (record.attempts, record.last_error) == (1, "slack_http_503")
    assert record.wake_at is not None
    assert deliver("notice-1", ORG, record.wake_at - timedelta(seconds=1)) is None
    assert deliver("notice-1", ORG, record.wake_at) is NoticeState.SENT
    assert len(sent) == 1


def test_slack_is_left_alone_as_long_as_it_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    noted()
    refuse(monkeypatch, slack, NotSent("slack_rate_limited", retry_after=timedelta(minutes=7)))
    deliver("notice-1", ORG, NOW)
    assert now_on_record().wake_at == NOW + timedelta(minutes=7)


def test_after_three_days_it_is_given_up_loudly(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    noted(attempts=400, first_tried_at=NOW - outbox.GIVE_UP_AFTER, wake_at=NOW, to=To.CHANNEL, recipient="#tool-room")
    refuse(monkeypatch, slack, NotSent("slack_http_503"))
    assert deliver("notice-1", ORG, NOW) is NoticeState.GIVEN_UP
    assert (now_on_record().last_error, now_on_record().wake_at) == ("slack_http_503", None)
    assert '"DeadLetters"' in capsys.readouterr().out


def test_throttled_mail_waits_its_turn(monkeypatch: pytest.MonkeyPatch, sent: Sent) -> None:
    noted(**TO_OMAR)
    with monkeypatch.context() as context:
        refuse(context, email, NotSent("mail_throttled"))
        deliver("notice-1", ORG, NOW)
    assert (now_on_record().state, now_on_record().last_error) == (NoticeState.PENDING, "mail_throttled")
    assert deliver("notice-1", ORG, NOW + timedelta(minutes=1)) is NoticeState.SENT
    assert len(sent) == 1


def test_a_long_slack_outage_ends_in_mail(monkeypatch: pytest.MonkeyPatch, sent: Sent) -> None:
    noted(attempts=ELSEWHERE_AFTER)
    tries = refuse(monkeypatch, slack, NotSent("slack_http_503"))
    assert deliver("notice-1", ORG, NOW) is NoticeState.SENT
    assert (len(tries), sent[0][:2]) == (1, ("email", "maya@acme.example"))


def test_a_short_one_does_not(monkeypatch: pytest.MonkeyPatch, sent: Sent) -> None:
    noted(attempts=ELSEWHERE_AFTER - 1)
    refuse(monkeypatch, slack, NotSent("slack_http_503"))
    assert deliver("notice-1", ORG, NOW) is NoticeState.PENDING
    assert sent == []


def test_what_slack_cannot_reach_goes_by_mail_at_once(monkeypatch: pytest.MonkeyPatch, sent: Sent) -> None:
    noted()
    refuse(monkeypatch, slack, NotSent("slack_webhook_reaches_no_person", unreachable=True))
    assert deliver("notice-1", ORG, NOW) is NoticeState.SENT
    assert sent[0][0] == "email"


def test_nobody_gets_the_same_mail_twice_because_slack_is_down(monkeypatch: pytest.MonkeyPatch, sent: Sent) -> None:
    ladder = tuple(Step(offset=2 * HOUR, to=To.HOLDER, via=via) for via in Via)
    put(a_loan(terms=Terms(policy="fallback", period=Period(after=8 * HOUR), ladder=ladder)))
    noted(attempts=ELSEWHERE_AFTER)
    refuse(monkeypatch, slack, NotSent("slack_http_503"))
    assert deliver("notice-1", ORG, NOW) is NoticeState.PENDING
    assert sent == []


@pytest.mark.parametrize("recipient", ["p-1", "gone"])
def test_nobody_to_reach_is_given_up_at_once(sent: Sent, recipient: str) -> None:
    put_person(Person(id="p-1", name="Maya Lind"))
    noted(recipient=recipient)
    assert deliver("notice-1", ORG, NOW) is NoticeState.GIVEN_UP
    assert now_on_record().last_error == "no_address"
    assert sent == []


def test_a_touch_while_sending_does_not_make_it_go_twice(monkeypatch: pytest.MonkeyPatch, sent: Sent) -> None:
    """The sweeper wakes what it saw on the agenda a moment ago, though it is in our hands by now."""
    noted()

    def touched(where: str, message: Message, **_: Any) -> None:
        record = now_on_record()
        save_notice(ORG, replace(record, version=record.version + 1))
        sent.append(("slack", where, message))

    monkeypatch.setattr(slack, "send", touched)
    assert deliver("notice-1", ORG, NOW) is NoticeState.SENT
    assert now_on_record().state is NoticeState.SENT
    assert deliver("notice-1", ORG, NOW + outbox.LEASE) is None
    assert len(sent) == 1


def test_what_another_try_recorded_is_not_overwritten(monkeypatch: pytest.MonkeyPatch) -> None:
    noted()

    def overtaken(*_: Any, **__: Any) -> None:
        record = now_on_record()
        save_notice(ORG, replace(record, version=record.version + 1, attempts=2, state=NoticeState.SENT, sent_at=NOW))
        raise NotSent("slack_timeout")

    monkeypatch.setattr(slack, "send", overtaken)
    deliver("notice-1", ORG, NOW)
    assert (now_on_record().state, now_on_record().attempts) == (NoticeState.SENT, 2)


def test_words_are_true_at_the_notices_own_moment(sent: Sent) -> None:
    """Time that was moved ahead locally moves the words, too: a notice is never worded for before it was due."""
    noted(due_at=NOW)
    deliver("notice-1", ORG, DUE - 10 * HOUR)
    assert sent[0][2].subject == "Overdue by 2 hours: Thermal camera 2"


def test_the_log_tells_what_happened_and_names_nobody(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    noted()
    refuse(monkeypatch, slack, NotSent("slack_http_503"))
    with caplog.at_level("INFO"):
        deliver("notice-1", ORG, NOW)
    line = next(vars(record) for record in caplog.records if record.getMessage() == "notice")
    assert {name: line[name] for name in ("org", "op", "bank", "outcome", "channel", "code")} == {
        "org": ORG,
        "op": "notice-1",
        "bank": "hq-01",
        "outcome": "failed",
        "channel": "slack",
        "code": "slack_http_503",
    }
    metric = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (metric["Notices"], metric["channel"], metric["outcome"]) == ([1.0], "slack", "failed")
    assert not any(secret in f"{line}{metric}" for secret in ("U0MAYA", "maya@", "Maya"))


def test_a_mail_carries_links_that_are_its_readers_alone(sent: Sent) -> None:
    put(a_notice(**TO_OMAR))
    deliver("notice-1", ORG, NOW)
    ((channel, _, message),) = sent
    assert (channel, len(message.buttons) > 3) == ("email", True)
    for button in message.buttons:
        base, _, token = button.link.rpartition("/v1/answers/")
        link = believed(bytes.fromhex(ANSWERS), token, org=ORG)
        assert base == "https://api.example"
        assert link is not None
        assert (link.notice, link.reaction, link.person) == ("notice-1", button.reaction, "p-9")
        assert link.expires_at == NOW + LIFE
        assert "@" not in token


def test_where_no_api_is_known_a_mail_has_no_buttons(sent: Sent, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail_links, "settings", Settings)
    put(a_notice(**TO_OMAR))
    deliver("notice-1", ORG, NOW)
    assert 'class="button"' not in sent[0][2].html


def test_without_its_key_a_mail_waits(sent: Sent) -> None:
    client("secretsmanager").delete_secret(SecretId="answers", ForceDeleteWithoutRecovery=True)
    put(a_notice(**TO_OMAR))
    assert deliver("notice-1", ORG, NOW) is NoticeState.PENDING
    assert (load_notice(ORG, "notice-1").last_error, sent) == ("answer_secret_unreadable", [])
