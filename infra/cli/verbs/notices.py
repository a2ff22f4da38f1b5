"""`toolcrib notices`: what people are told."""

from pathlib import Path
from tempfile import mkdtemp
from typing import Annotated

import typer

from infra.cli.errors import CommandError
from infra.cli.steps import console
from toolcrib.domain.languages import ENGLISH, SPOKEN, spoken

Language = Annotated[str, typer.Option(help=f"The reader's: {', '.join(SPOKEN)}.")]
Kind = Annotated[str | None, typer.Option(help="One message, such as late-supervisor or forced; without it all.")]
Folder = Annotated[Path | None, typer.Option(help="Where to write them; a new folder without it.")]

app = typer.Typer(help="What people are told.", no_args_is_help=True, pretty_exceptions_enable=False)


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
