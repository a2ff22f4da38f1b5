"""What Slack sends, signed as Slack signs it, whatever is in it; and the inbox that plays Slack on the local stack."""

import json
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlencode

import msgspec
from slack_sdk.signature import SignatureVerifier

from infra.local.inbox import blocks, mrkdwn
from tests.proof.fuzzing.parser import Feed, Parser, pure, text
from tests.support.filled import filled_orgs
from tests.support.slack import FORM, HOOK, SIGNING, Slack, slack_at_hand
from tests.support.workplace import NOW, ORG
from toolcrib.domain.record import replace
from toolcrib.store.people import describe_person, load_person

PATHS = ("/slack/actions", "/slack/commands", "/slack/events")
WHO = {"team": {"id": "T1"}, "user": {"id": "UHQ", "team_id": "T1"}, "api_app_id": "A1"}
ACTION = {"type": "button", "action_id": "acknowledge", "block_id": "b", "value": "acme/hq", "action_ts": "1.0"}
PRESSED = {"type": "block_actions", **WHO, "response_url": HOOK, "trigger_id": "t1", "actions": [ACTION]}
EVENT = {"type": "app_home_opened", "user": "UHQ", "tab": "home", "channel": "D1"}
CALLED = {"type": "event_callback", "team_id": "T1", "api_app_id": "A1", "event": EVENT, "event_id": "E1"}
COMMAND = {"command": "/toolcrib", "team_id": "T1", "user_id": "UHQ", "response_url": HOOK, "trigger_id": "t1"}
PLAIN = {"type": "plain_text", "text": "Keep it longer"}
ASK = {"title": PLAIN, "text": PLAIN, "confirm": {**PLAIN, "text": "Yes"}, "deny": {**PLAIN, "text": "No"}}
BUTTON = {"type": "button", "text": PLAIN, "action_id": "renew_loan", "value": "hq", "style": "danger", "confirm": ASK}
SHOWN = (
    [{"type": "header", "text": PLAIN}, {"type": "divider"}],
    [{"type": "section", "text": {"type": "mrkdwn", "text": "*late*"}, "fields": [PLAIN], "accessory": BUTTON}],
    [{"type": "actions", "elements": [BUTTON]}, {"type": "context", "elements": [PLAIN]}],
)
MARKED = (b"*late* _and_ ~gone~ `code`", b"<https://example.com|x> <@U1> <!here>", b"```a\nb``` &amp; &lt;")


class RefusedError(Exception):
    """The API answered that it is not what Slack sends."""


class BrokeError(AssertionError):
    """The API answered that something failed."""


@contextmanager
def _callbacks() -> Iterator[Feed]:
    """A body for any of Slack's addresses, signed; what it asks for is done, and undone."""
    with filled_orgs() as dynamo, slack_at_hand() as slack:
        before = load_person(ORG, "hq")
        known = replace(before, slack_id="UHQ", version=before.version + 1)
        describe_person(ORG, "op-hq", NOW, known, before)
        start = dynamo.snapshot()

        def feed(data: bytes) -> None:
            try:
                _send(slack, PATHS[data[0] % len(PATHS)] if data else PATHS[0], data[1:])
            finally:
                dynamo.restore(start)
                slack.invoked.clear()

        yield feed


def _send(slack: Slack, path: str, body: bytes) -> None:
    kind = "application/json" if path == "/slack/events" else FORM
    stamp = str(int(NOW.timestamp()))
    signature = SignatureVerifier(SIGNING).generate_signature(timestamp=stamp, body=body.decode(errors="replace"))
    headers = {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": str(signature)}
    reply = slack.send(path, b64encode(body).decode(), headers, kind, encoded=True)
    if reply.status >= 500:
        raise BrokeError(f"{path}: {reply.text}")
    if reply.status >= 400:
        raise RefusedError
    slack.second_half()


def _blocks(data: bytes) -> None:
    blocks.lines(blocks.parsed(json.loads(data)))


def _marked(data: bytes) -> None:
    mrkdwn.marked(text(data), str)
    mrkdwn.linked(text(data))


def _form(**given: str) -> bytes:
    return urlencode(given).encode()


PARSERS = (
    Parser(
        name="Slack callback",
        opened=_callbacks,
        refusals=(RefusedError,),
        seeds=(
            b"\x00" + _form(payload=json.dumps(PRESSED)),
            b"\x00" + _form(payload=json.dumps({**PRESSED, "actions": [{**ACTION, "action_id": "renew_loan"}]})),
            *(b"\x01" + _form(**COMMAND, text=words) for words in ("mine", "who drill", "late", "")),
            b"\x02" + json.dumps(CALLED).encode(),
            b"\x02" + json.dumps({"type": "url_verification", "challenge": "x"}).encode(),
        ),
    ),
    Parser(
        name="inbox blocks",
        opened=pure(_blocks),
        refusals=(msgspec.ValidationError, ValueError, RecursionError),
        seeds=tuple(json.dumps(shown).encode() for shown in SHOWN),
    ),
    Parser(name="inbox mrkdwn", opened=pure(_marked), refusals=(), seeds=MARKED),
)
