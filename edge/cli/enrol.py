"""`toolcrib-bank enrol`: from a board to a bank that the cloud knows."""

import sys
from pathlib import Path
from typing import Annotated, Final

import typer

from edge.cli.ending import RefusedError
from edge.cli.options import Config
from edge.enrolment.answer import parse
from edge.enrolment.asking import ask
from edge.enrolment.folder import Folder
from edge.enrolment.keypair import signing_request
from edge.settings.loading import DEFAULT

STDIN: Final = "-"
Bank = Annotated[str, typer.Argument(metavar="BANK", help="Its id, such as hq-01.")]
Api = Annotated[str | None, typer.Option(help="The API's address, without /v1: asks it from here.")]
Token = Annotated[str, typer.Option(help="A file with an admin's token; - reads it from standard input.")]
Csr = Annotated[bool, typer.Option("--csr", help="Print the signing request, for a board that cannot reach the API.")]
Answer = Annotated[str | None, typer.Option(help="A file with what the API answered to it; - for standard input.")]
Again = Annotated[bool, typer.Option("--again", help="Enrol anew what is enrolled already.")]
User = Annotated[str, typer.Option(help="Whom the files belong to when root writes them.")]


def enrol(
    bank: Bank,
    *,
    api: Api = None,
    token: Token = STDIN,
    csr: Csr = False,
    answer: Answer = None,
    again: Again = False,
    config: Config = DEFAULT,
    user: User = "toolcrib",
) -> None:
    """Make a key on this board, have it certified, and write certificate, keys and first settings."""
    if sum((api is not None, csr, answer is not None)) != 1:
        raise RefusedError(
            "say how: --api URL from here, or --csr and then --answer FILE for a board without a network"
        )
    folder = Folder(path=config.absolute().parent, user=user)
    folder.must_be_free(again=again)
    if csr:
        typer.echo(signing_request(folder.pending_key(), bank), nl=False)
        return
    if api is not None:
        given = ask(api, _read(token).decode().strip(), bank, signing_request(folder.pending_key(), bank))
    else:
        given = _read(answer or STDIN)
    for path in folder.accept(parse(given, bank), bank):
        typer.echo(f"wrote {path}")
    typer.echo(f"{bank} is enrolled. Now write its wiring into {folder.settings}, and run: toolcrib-bank check")


def _read(name: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if name == STDIN else Path(name).read_bytes()
    except OSError as error:
        raise RefusedError(f"{name}: {error.strerror}") from error
