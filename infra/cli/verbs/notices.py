"""`toolcrib notices`: what people are told."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from tempfile import mkdtemp
from typing import Annotated, Any
from urllib.parse import quote

import typer
from rich.markup import escape

from infra.cli.errors import CommandError
from infra.cli.steps import console
from infra.local.home import home
from infra.local.running import running
from toolcrib.domain.languages import ENGLISH, SPOKEN, spoken

Language = Annotated[str, typer.Option(help=f"The reader's: {', '.join(SPOKEN)}.")]
Kind = Annotated[str | None, typer.Option(help="One message, such as late-supervisor or forced; without it all.")]
Folder = Annotated[Path | None, typer.Option(help="Where to write them; a new folder without it.")]

State = Annotated[str | None, typer.Option(help="Only those: pending, sent, given_up and so on.")]
Recipient = Annotated[str | None, typer.Option(help="Only those to this person or channel.")]
Which = Annotated[str, typer.Argument(metavar="NOTICE", help="Its id, as `toolcrib notices list` shows it.")]

app = typer.Typer(help="What people are told.", no_args_is_help=True, pretty_exceptions_enable=False)


@app.command("list")
def list_(state: State = None, recipient: Recipient = None) -> None:
    """List the latest notices: what, to whom, how, and why not."""
    given = {"state": state, "recipient": recipient}
    query = "".join(f"&{name}={quote(value)}" for name, value in given.items() if value)
    found = running(home()).api().get(f"/notices?limit=100{query}")["items"]
    for each in found:
        console.print(_line(each), soft_wrap=True, highlight=False)
    if not found:
        console.print("No such notices.")


@app.command()
def show(notice: Which) -> None:
    """Show everything that is on record of a notice."""
    console.print_json(data=running(home()).api().get(f"/notices/{quote(notice)}"))


@app.command()
def redrive(notice: Which) -> None:
    """Try a notice anew that was given up, or that waits after a try."""
    key = f"redrive-{notice}-{datetime.now(UTC).isoformat()}"
    running(home()).api().post(f"/notices/{quote(notice)}/redrive", {}, key=key)
    console.print(f"{notice} goes out with the next sweep.", highlight=False)


def _line(each: Mapping[str, Any]) -> str:
    about = each["loan"] or each["case"] or each["person"] or f"{len(each['parts'])} parts"
    why = f" ({each['last_error']})" if each["last_error"] else ""
    told = f"{each['step']} of {about} to {each['to']} {each['recipient']} by {each['via']}"
    return escape(f"{each['due_at']}  {each['state']:<10}  {each['id']}  {told}{why}")


@app.command()
def preview(language: Language = ENGLISH, kind: Kind = None, folder: Folder = None) -> None:
    """Write the messages that people get, with invented data, to be looked at in a browser."""
    from infra.catalogues.compiling import compile_catalogues

    compile_catalogues()
    from infra.messages.preview import write
    from infra.messages.samples import samples

    known = spoken(language)
    if known is None:
        raise CommandError(f"No language {language} here: {', '.join(SPOKEN)}.")
    made = write(folder or Path(mkdtemp(prefix="toolcrib-messages-")), known, kind)
    if not made:
        raise CommandError(f"No message {kind}. There are: {', '.join(sample.kind for sample in samples())}.")
    for page in made:
        console.print(str(page), soft_wrap=True, highlight=False)
