"""`toolcrib-bank enrol`: from a board to a bank that the cloud knows."""

import asyncio
import sys
from pathlib import Path
from typing import Annotated, Final

import typer
from tenacity import retry, retry_if_exception, stop_after_attempt, wait_fixed

from edge.cli.ending import RefusedError
from edge.cli.options import Config
from edge.enrolment.answer import parse
from edge.enrolment.asking import ask
from edge.enrolment.claim import Claim, NotEnrolled, enrol_by_claim, is_carried_out, read_claim
from edge.enrolment.folder import Folder
from edge.enrolment.identity import Identity
from edge.enrolment.keys import signing_request
from edge.settings.loading import DEFAULT, IDENTITY

STDIN: Final = "-"
MOST_TRIES: Final = 6
PAUSE_S: Final = 5.0
Bank = Annotated[str, typer.Argument(metavar="BANK", help="Its id, such as hq-01.")]
ByClaim = Annotated[str | None, typer.Option("--claim", help="A file with a claim for it; - for standard input.")]
Api = Annotated[str | None, typer.Option(help="The API's address, without /v1: asks it from here.")]
Token = Annotated[str, typer.Option(help="A file with an admin's token; - reads it from standard input.")]
Csr = Annotated[bool, typer.Option("--csr", help="Print the signing request, for a board that cannot reach the API.")]
Answer = Annotated[str | None, typer.Option(help="A file with what the API answered to it; - for standard input.")]
Again = Annotated[bool, typer.Option("--again", help="Enrol anew what is enrolled already.")]
Root = Annotated[Path, typer.Option("--identity", help="The folder for key, certificate and keys.")]


def enrol(  # noqa: PLR0913 - a command's options
    bank: Bank,
    *,
    claim: ByClaim = None,
    api: Api = None,
    token: Token = STDIN,
    csr: Csr = False,
    answer: Answer = None,
    again: Again = False,
    config: Config = DEFAULT,
    identity: Root = IDENTITY,
) -> None:
    """Make a key on this board, have it certified, and write certificate, keys and first settings."""
    if sum((claim is not None, api is not None, csr, answer is not None)) != 1:
        raise RefusedError(
            "say how: --claim FILE, --api URL from here, or --csr and then --answer FILE for a board without a network"
        )
    folder = Folder(root=identity.absolute(), settings=config.absolute())
    if claim is not None:
        written = _by_claim(_claim_for(bank, claim), folder, again=again)
    else:
        folder.must_be_free(again=again)
        if csr:
            typer.echo(signing_request(folder.pending_key(), bank), nl=False)
            return
        if api is not None:
            given = ask(api, _read(token).decode().strip(), bank, signing_request(folder.pending_key(), bank))
        else:
            given = _read(answer or STDIN)
        written = folder.accept(parse(given, bank))
    for path in written:
        typer.echo(f"wrote {path}")
    typer.echo(f"{bank} is enrolled. Now write its wiring into {folder.settings}, and run: toolcrib-bank check")


def _claim_for(bank: str, name: str) -> Claim:
    claim = read_claim(_read(name))
    if claim.bank != bank:
        raise RefusedError(f"that is the claim for {claim.thing}, not for {bank}: nothing was changed")
    return claim


def _by_claim(claim: Claim, folder: Folder, *, again: bool) -> list[Path]:
    folder.must_be_free(again=again or is_carried_out(claim, folder.root))
    who = _enrolled(claim, folder.root)
    return [folder.root, *folder.first_settings(who.keys)]


@retry(
    retry=retry_if_exception(lambda error: isinstance(error, NotEnrolled) and error.again),
    stop=stop_after_attempt(MOST_TRIES),
    wait=wait_fixed(PAUSE_S),
    reraise=True,
)
def _enrolled(claim: Claim, root: Path) -> Identity:
    return asyncio.run(enrol_by_claim(claim, root))


def _read(name: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if name == STDIN else Path(name).read_bytes()
    except OSError as error:
        raise RefusedError(f"{name}: {error.strerror}") from error
