"""Scenes of notices that somebody reacts to: over HTTP each in its way, and pressed in Slack."""

import json
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from slack_sdk.signature import SignatureVerifier

from tests.proof.faults.asks import Ask
from tests.proof.faults.stage import Stage
from tests.support.aws.cloud import SECRETS
from tests.support.http import enter
from tests.support.outcomes import lend
from tests.support.workplace import FALLBACK, NOW, ORG, person, put_person, rules, site
from toolcrib.domain.authorisations import Authorisation
from toolcrib.domain.cases import Case, CaseKind
from toolcrib.domain.notices import Notice, NoticeState, Posted
from toolcrib.domain.policies import Authorisers, Renewals, To, Via
from toolcrib.domain.record import replace
from toolcrib.store import keys, mapping
from toolcrib.store.items import KnownItem
from toolcrib.store.said import note
from toolcrib.store.tables import connection

HOOK = "https://hooks.slack.com/actions/T1/2/3"


@dataclass
class Slack:
    """Slack asks once; who sees that it failed does the same again. What was started is done, whatever was answered."""

    path: str
    body: str
    kind: str = "application/x-www-form-urlencoded"

    def deliver(self, stage: Stage, nth: int) -> bool:
        stage.later(seconds=31 * nth)
        answer, _, broke_off = stage.invoke("api", "app", self._event(stage))
        well = not broke_off and answer["statusCode"] < HTTPStatus.INTERNAL_SERVER_ERROR
        started = list(stage.cloud.clockwork.started)
        stage.cloud.clockwork.started.clear()
        for event in started:
            second, _, broken = stage.invoke("api", "app", event)
            well = well and not broken and second["statusCode"] < HTTPStatus.INTERNAL_SERVER_ERROR
        if well:
            stage.told.append(str(answer["statusCode"]))
        return well

    def _event(self, stage: Stage) -> dict[str, Any]:
        now = stage.here.now
        stamp = str(int(now.timestamp()))
        secret = str(SECRETS["slack"]["signing_secret"])
        signature = SignatureVerifier(secret).generate_signature(timestamp=stamp, body=self.body)
        context = {"httpMethod": "POST", "resourcePath": f"/v1{self.path}", "requestId": f"r{stamp}"}
        return {
            "headers": {
                "Content-Type": self.kind,
                "X-Slack-Request-Timestamp": stamp,
                "X-Slack-Signature": signature,
            },
            "pathParameters": None,
            "stageVariables": None,
            "isBase64Encoded": False,
            "multiValueQueryStringParameters": None,
            "body": self.body,
            "requestContext": {**context, "requestTimeEpoch": int(now.timestamp() * 1000)},
        }


def acknowledge(at: Stage) -> Ask:
    return _reacting(at, "n-1", "acknowledge", "ana")


def acknowledge_one_of_several(at: Stage) -> Ask:
    """The channel was told, too: its message is marked."""
    loan = _late(at)
    for notice in at.here.notices():
        if notice.id == "n-2":
            out = replace(notice, state=NoticeState.SENT, posted=Posted(channel="C1", ts="1.0"))
            mapping.notice_item(ORG, replace(out, id="n-6", to=To.CHANNEL, recipient="#tool-room")).save()
    for each in ("n-2", "n-6"):
        note(ORG, loan, each, at.here.now)
    return Ask("POST", "/notices/n-2/reactions", {"reaction": "acknowledge"}, subject="tom")


def snooze(at: Stage) -> Ask:
    return _reacting(at, "n-2", "snooze_tomorrow")


def extend(at: Stage) -> Ask:
    return _reacting(at, "n-1", "extend", "ana")


def remind_the_holder(at: Stage) -> Ask:
    return _reacting(at, "n-2", "remind")


def give_up_as_lost(at: Stage) -> Ask:
    return _reacting(at, "n-2", "lost")


def say_that_something_is_wrong(at: Stage) -> Ask:
    return _reacting(at, "n-1", "case", "ana")


def quarantine_a_door(at: Stage) -> Ask:
    return _reacting(at, "n-3", "quarantine")


def acknowledge_a_case(at: Stage) -> Ask:
    return _reacting(at, "n-3", "acknowledge")


def snooze_what_ends(at: Stage) -> Ask:
    return _reacting(at, "n-5", "snooze_hour", "ana")


def approve_where_told(at: Stage) -> Ask:
    return _reacting(at, "n-4", "approve", "tom")


def refuse_where_told(at: Stage) -> Ask:
    return _reacting(at, "n-4", "refuse", "tom")


def press_extend(at: Stage) -> Slack:
    _late(at)
    return _pressed("U1", "extend", "acme/n-1")


def press_as_somebody_known_by_mail(at: Stage) -> Slack:
    _late(at)
    at.here.change_person(replace(at.here.person(), slack_id=None, email="ann@acme.example"))
    KnownItem(*keys.known_as(ORG, "email", "ann@acme.example"), person="p-1").save()
    return _pressed("U5", "acknowledge", "acme/n-1")


def press_what_is_not_theirs(at: Stage) -> Slack:
    _late(at)
    return _pressed("U1", "lost", "acme/n-1")


def press_renew_at_home(at: Stage) -> Slack:
    return _pressed("U1", "renew_loan", _late(at))


def press_renew_of_nothing(at: Stage) -> Slack:
    _late(at)
    return _pressed("U1", "renew_loan", "no-such-loan")


def command_late(at: Stage) -> Slack:
    _late(at)
    return _command("U9", "late")


def command_who(at: Stage) -> Slack:
    _late(at)
    return _command("U9", "who drill")


def command_where(at: Stage) -> Slack:
    _late(at)
    return _command("U9", "where drill")


def command_find(at: Stage) -> Slack:
    _late(at)
    return _command("U9", "find drill")


def command_mine(at: Stage) -> Slack:
    _late(at)
    return _command("U1", "mine")


def open_home(at: Stage) -> Slack:
    _late(at)
    event = {"type": "app_home_opened", "user": "U9", "tab": "home", "channel": "D1"}
    body = {"type": "event_callback", "team_id": "T1", "api_app_id": "A1", "event": event, "event_id": "E1"}
    return Slack("/slack/events", json.dumps(body), "application/json")


OVER_HTTP = (
    acknowledge,
    acknowledge_one_of_several,
    snooze,
    extend,
    remind_the_holder,
    give_up_as_lost,
    say_that_something_is_wrong,
    quarantine_a_door,
    acknowledge_a_case,
    snooze_what_ends,
    approve_where_told,
    refuse_where_told,
)
IN_SLACK = (
    press_extend,
    press_as_somebody_known_by_mail,
    press_what_is_not_theirs,
    press_renew_at_home,
    press_renew_of_nothing,
    command_late,
    command_who,
    command_where,
    command_find,
    command_mine,
    open_home,
)


def _reacting(at: Stage, notice: str, reaction: str, who: str = "admin") -> Ask:
    _late(at)
    return Ask("POST", f"/notices/{notice}/reactions", {"reaction": reaction}, subject=who)


def _pressed(user: str, action: str, value: str) -> Slack:
    pressed = {"type": "button", "action_id": action, "block_id": "b", "value": value, "action_ts": "1.0"}
    who = {"team": {"id": "T1"}, "user": {"id": user, "team_id": "T1"}, "api_app_id": "A1"}
    payload: dict[str, Any] = {"type": "block_actions", **who}
    payload |= {"response_url": HOOK, "trigger_id": "t1", "actions": [pressed]}
    return Slack("/slack/actions", urlencode({"payload": json.dumps(payload)}))


def _command(user: str, text: str) -> Slack:
    form = {"command": "/toolcrib", "text": text, "user_id": user, "team_id": "T1", "response_url": HOOK}
    return Slack("/slack/commands", urlencode(form))


def _late(at: Stage) -> str:
    """Somebody is late with the drill, a door is in trouble, a consent is asked for: of each a notice is out."""
    rules(replace(FALLBACK, renewals=Renewals(max=1)), site(supervisors=("p-9",)))
    _, loan = lend(at.here)
    at.here.change_person(person(slack_id="U1", valid_until=NOW + timedelta(days=9)))
    put_person(person(9, slack_id="U9"))
    connection()
    for user, who in (("U1", "p-1"), ("U9", "p-9")):
        KnownItem(*keys.known_as(ORG, "slack", user), person=who).save()
    enter("admin", "admin")
    enter("ana", "self", person="p-1")
    enter("tom", "supervisor", person="p-9", sites=("hq",))
    case = Case(id="c-1", kind=CaseKind.JAMMED, opened_at=NOW, site="hq", bank="hq-01", door=2)
    mapping.case_item(ORG, case).save()
    demand = Authorisers(count=1)
    asked = {"id": "r-1", "person": "p-1", "type": "drill", "bank": "hq-01", "site": "hq", "demands": (demand,)}
    at.here.later(hours=9)
    until = at.here.now + timedelta(minutes=15)
    mapping.authorisation_item(ORG, Authorisation(**asked, asked_at=at.here.now, until=until)).save()
    about = {"due_at": NOW + timedelta(hours=8), "site": "hq", "step": "PT0S", "via": Via.SLACK}
    to_holder, to_keeper = {"to": To.HOLDER, "recipient": "p-1"}, {"to": To.SUPERVISOR, "recipient": "p-9"}
    for notice in (
        Notice(id="n-1", loan=loan, due_version=1, **to_holder, **about),
        Notice(id="n-2", loan=loan, due_version=1, **to_keeper, **about),
        Notice(id="n-3", case="c-1", **to_keeper, **about),
        Notice(id="n-4", authorisation="r-1", **to_keeper, **about),
        Notice(id="n-5", person="p-1", about="valid_until", ends_at=NOW + timedelta(days=9), **to_holder, **about),
    ):
        mapping.notice_item(ORG, notice).save()
    return loan
