"""`toolcrib update`: key, pack, send, show."""

from pathlib import Path
from typing import Annotated, Any, Final

import jwt
import typer
from rich.table import Table

from infra.cli import releases
from infra.cli.deployments import Stack, deployment
from infra.cli.steps import console

app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, add_completion=False)

UNWELL: Final = frozenset({"FAILED", "REJECTED"})
Key = Annotated[Path, typer.Argument(help="The publisher's key, such as publisher.pem.")]


@app.callback()
def update() -> None:
    """Make, sign and send software for banks (docs/fleet.md)."""


@app.command()
def key(path: Key) -> None:
    """Make a publisher's key: the private half stays with whoever releases, the `.pub` goes onto every board."""
    public = releases.new_key(path)
    console.print(f"{path} signs releases: keep it offline. {public} goes onto the boards.", highlight=False)


@app.command()
def pack(
    wheels: Annotated[Path, typer.Argument(help="A folder with the wheels of everything a bank runs.")],
    *,
    version: Annotated[str, typer.Option(help="The release's version, such as 1.4.0.")],
    key: Annotated[Path, typer.Option(help="The publisher's key.")],
    least: Annotated[str, typer.Option(help="The lowest version that may ever be installed after this one.")] = "0.0",
    forced: Annotated[bool, typer.Option(help="Let it be installed below what earlier releases allow.")] = False,
    into: Annotated[Path, typer.Option(help="Where bundle and manifest go.")] = Path(),
) -> None:
    """Pack wheels into a bundle and sign its manifest."""
    bundle = releases.packed(wheels)
    manifest = releases.signed(bundle, key, version=version, least=least, forced=forced)
    into.mkdir(parents=True, exist_ok=True)
    (into / f"toolcrib-bank-{version}.tar").write_bytes(bundle)
    (into / f"toolcrib-bank-{version}.jws").write_text(manifest)
    console.print(f"toolcrib-bank-{version}.tar and .jws are in {into.resolve()}.", highlight=False, soft_wrap=True)


@app.command()
def send(
    banks: Annotated[list[str], typer.Argument(help="Banks, such as hq-01, or groups of things as group:NAME.")],
    *,
    manifest: Annotated[Path, typer.Option(help="The release's .jws.")],
    url: Annotated[str, typer.Option(help="Where the bundle lies; https, without a redirect.")],
    a_minute: Annotated[int, typer.Option(min=1, max=1000, help="How many banks begin in the first minute.")] = 1,
    name: Annotated[str | None, typer.Option(help="The job's name; made of the version unless said.")] = None,
    stack: Stack = None,
) -> None:
    """Send a release to banks: a few first, twice as many after each that works, none any more where they fail."""
    of = deployment(stack)
    signed = manifest.read_text().strip()
    version = str(jwt.decode(signed, options={"verify_signature": False})["version"])
    org, target = of.org, of.target
    prefix = f"arn:aws:iot:{target.region}:{target.account}"
    targets = [
        f"{prefix}:thinggroup/{each[6:]}" if each.startswith("group:") else f"{prefix}:thing/{org}:{each}"
        for each in banks
    ]
    job = name or f"toolcrib-{version.replace('.', '-')}"
    asked = releases.job(job, targets, manifest=signed, url=url, version=version, a_minute=a_minute)
    target.client("iot").create_job(**asked)
    console.print(f"Job {job} sends {version} to {len(targets)}. See how it goes: toolcrib update show {job}")


@app.command()
def show(job: Annotated[str, typer.Argument(help="The job's name.")], stack: Stack = None) -> None:
    """Show how far each bank is with a job, and why it failed where it did."""
    iot = deployment(stack).target.client("iot")
    table = Table("bank", "state", "since", "why")
    pages: Any = iot.get_paginator("list_job_executions_for_job").paginate(jobId=job)
    for each in (execution for page in pages for execution in page["executionSummaries"]):
        said = each["jobExecutionSummary"]
        thing = each["thingArn"].partition(":thing/")[2]
        why = _why(iot, job, thing) if said["status"] in UNWELL else ""
        table.add_row(thing.partition(":")[2], said["status"], str(said.get("lastUpdatedAt", "")), why)
    console.print(table)


def _why(iot: Any, job: str, thing: str) -> str:
    """Return what a bank said of a job that it could not carry out."""
    told = iot.describe_job_execution(jobId=job, thingName=thing)["execution"].get("statusDetails", {})
    return str(told.get("detailsMap", {}).get("why", ""))
