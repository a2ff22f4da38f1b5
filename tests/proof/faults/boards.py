"""Scenes of boards that enrol themselves and banks that renew their certificate, at IoT Core's provisioning hook."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from unittest.mock import patch

from tests.proof.faults.asks import Ask, AskForSecrets
from tests.proof.faults.stage import Stage, aside
from tests.support.aws.things import ARN
from tests.support.certificates import certified, csr, signed
from tests.support.http import Client, enter
from tests.support.workplace import bank
from toolcrib.domain.change import BankEdit, Change
from toolcrib.domain.doors import BankState
from toolcrib.domain.record import replace
from toolcrib.store import certificates
from toolcrib.store.banks import load_bank_only
from toolcrib.store.commit import commit

TEMPLATE = "arn:aws:iot:us-east-1:123456789012:provisioningtemplate/acme-bank"
PRESENT, NEXT = f"{ARN}/{'a' * 64}", f"{ARN}/{'b' * 64}"
SERIALS = count(1_000)


@dataclass
class Board:
    """A board that asks to be let in until it is: each time with another certificate for its one key."""

    token: str | None = None
    by: str = "c" * 64

    def deliver(self, stage: Stage, nth: int) -> bool:
        stage.later(seconds=20 * nth)
        id_ = f"{next(SERIALS):064x}"
        stage.cloud.things.certificates[f"{ARN}/{id_}"] = (None, False, frozenset())
        answer, _, broke_off = stage.invoke("api", "provision", self._event(id_))
        if broke_off:
            return False
        stage.told.append(str(answer["allowProvisioning"]))
        return bool(answer["allowProvisioning"])

    def _event(self, id_: str) -> dict[str, object]:
        claims = self.token is not None
        return {
            "certificateId": id_,
            "certificatePem": signed(csr("board")),
            "templateArn": TEMPLATE,
            "clientId": "_claim:acme:1" if claims else "acme:hq-01",
            "claimCertificateId": self.by,
            "parameters": {"Bank": "hq-01", "Token": self.token} if claims else {},
        }


@dataclass
class Overtaken(Board):
    """An attempt that tidies up so slowly that the board's next one is through meanwhile; that asks again later."""

    def deliver(self, stage: Stage, nth: int) -> bool:
        stage.later(seconds=20 * nth)
        if nth > 0:
            _, _, broke_off = stage.invoke("api", "provision", self._event("b" * 64))
            return not broke_off
        with patch.object(certificates, "drop", _Slow(stage, certificates.drop)):
            slow = f"{next(SERIALS):064x}"
            stage.cloud.things.certificates[f"{ARN}/{slow}"] = (None, False, frozenset())
            _, _, broke_off = stage.invoke("api", "provision", self._event(slow))
        return not broke_off


@dataclass
class _Slow:
    """Takes a certificate back after the record has come to name it."""

    stage: Stage
    drop: Callable[[str, str], None]

    def __call__(self, thing: str, certificate: str) -> None:
        with aside(self.stage.cloud):
            bank_now = load_bank_only("acme", "hq-01")
            if bank_now.certificate != NEXT:
                now = replace(bank_now, certificate=NEXT, certified=certified(NEXT), revision=bank_now.revision + 1)
                commit("acme", Change(op="next", at=self.stage.here.now, banks=(BankEdit(bank=now),)))
        self.drop(thing, certificate)


@dataclass
class Presence:
    """IoT Core tells that a bank came in; Lambda repeats what broke off, and the next connection tells it again."""

    certificate: str

    def deliver(self, stage: Stage, nth: int) -> bool:
        stage.later(minutes=nth)
        _, _, broke_off = stage.invoke(
            "devices", "on_connected", {"thing": "acme:hq-01", "certificate": self.certificate}
        )
        return not broke_off


def await_a_board(at: Stage) -> Ask:
    _planned(at)
    at.ignored = frozenset({"revision", "token_sha256", "until"})  # whoever asks again gets another token
    return AskForSecrets("POST", "/banks/hq-01/enrolment/claims", {"valid_for": "PT1H"})


def await_nobody(at: Stage) -> Ask:
    _awaited(at)
    return Ask("DELETE", "/banks/hq-01/enrolment/claims")


def a_board_claims_its_bank(at: Stage) -> Board:
    return Board(_awaited(at))


def a_board_takes_the_place_of_another(at: Stage) -> Board:
    token = _awaited(at)
    assert Board(token).deliver(at, 0)
    hq = at.here.bank("hq-01")
    hq.send(hq.status({1: "closed"}, journal_depth=0))
    at.told.clear()
    return Board(_token(at))


def a_slow_attempt_is_overtaken(at: Stage) -> Overtaken:
    token = _awaited(at)
    at.cloud.things.things.add("acme:hq-01")
    at.cloud.things.certificates[NEXT] = ("acme:hq-01", True, frozenset({"banks"}))
    return Overtaken(token)


def a_bank_renews_its_certificate(at: Stage) -> Board:
    _certified(at)
    return Board(by="a" * 64)


def a_bank_renews_again(at: Stage) -> Board:
    _certified(at, renewing=True)
    return Board(by="a" * 64)


def a_bank_changes_over(at: Stage) -> Presence:
    _certified(at, renewing=True)
    return Presence("b" * 64)


def a_bank_comes_in_as_ever(at: Stage) -> Presence:
    _certified(at)
    return Presence("a" * 64)


SCENES = (
    await_a_board,
    await_nobody,
    a_board_claims_its_bank,
    a_board_takes_the_place_of_another,
    a_slow_attempt_is_overtaken,
    a_bank_renews_its_certificate,
    a_bank_renews_again,
    a_bank_changes_over,
    a_bank_comes_in_as_ever,
)


def _planned(at: Stage) -> None:
    at.here.place(bank(state=BankState.PLANNED, generation=0))
    enter("admin", "admin")


def _token(at: Stage) -> str:
    given = Client("admin", at=at.here.now).post("/banks/hq-01/enrolment/claims", {})
    assert given.status == 201, given.text
    return str(given.json["token"])


def _awaited(at: Stage) -> str:
    at.ignored = frozenset({"generation", "revision"})  # whoever asks again begins a further one
    _planned(at)
    return _token(at)


def _certified(at: Stage, *, renewing: bool = False) -> None:
    at.ignored = frozenset({"revision"})
    things = at.cloud.things
    things.things.add("acme:hq-01")
    for arn in (PRESENT, NEXT)[: 1 + renewing]:
        things.certificates[arn] = ("acme:hq-01", True, frozenset({"banks"}))
    at.here.place(
        bank(
            generation=1,
            certificate=PRESENT,
            certified=certified(PRESENT),
            renewal=certified(NEXT) if renewing else None,
        )
    )
