"""`toolcrib deploy`."""

from typing import Annotated

import boto3
import typer
from botocore.exceptions import BotoCoreError, ClientError
from rich.table import Table

from infra.cli import costs, first_admin
from infra.cli.deployment import deploy as deploy_to
from infra.cli.errors import DeployError
from infra.cli.settings import settings
from infra.cli.steps import console, step
from infra.cli.target import Target


def deploy(  # noqa: PLR0913 - one option a setting
    *,
    org: Annotated[str, typer.Option(help="The organisation: lower-case letters, digits and dashes.")],
    region: Annotated[str | None, typer.Option(help="Else that of your AWS configuration.")] = None,
    alarm_email: Annotated[str | None, typer.Option(help="Who is mailed when an alarm rings.")] = None,
    mail_from: Annotated[str | None, typer.Option(help="The sender of notices.")] = None,
    mail_rate: Annotated[
        float | None, typer.Option(min=0.1, max=1000, help="Mails a second that SES lets you send.")
    ] = None,
    mail_sender: Annotated[str | None, typer.Option(help="The verified SES identity it belongs to.")] = None,
    track_opens: Annotated[bool | None, typer.Option(help="Whether mails tell that they were opened.")] = None,
    mail_identity: Annotated[str | None, typer.Option(help="An address or domain that SES shall verify.")] = None,
    reserve_concurrency: Annotated[bool | None, typer.Option(help="Not where the account has little.")] = None,
    log_days: Annotated[int | None, typer.Option(help="How long logs are kept.")] = None,
    anchor_lock_days: Annotated[int | None, typer.Option(min=1, help="How long the ledger's anchors stay.")] = None,
    admin: Annotated[str | None, typer.Option(metavar="EMAIL", help="Invite this person as an administrator.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Deploy everything to the AWS account of your credentials; options that are left out stay as they are."""
    given = {
        "alarm_email": alarm_email,
        "mail_from": mail_from,
        "mail_rate": mail_rate,
        "mail_sender": mail_sender,
        "track_opens": track_opens,
        "mail_identity": mail_identity,
        "reserve_concurrency": reserve_concurrency,
        "log_days": log_days,
        "anchor_lock_days": anchor_lock_days,
    }
    try:
        target = Target(boto3.Session(region_name=region))
        wanted = settings(target, org, given)
        _ask(target, wanted, sure=yes)
        deployed = deploy_to(target, wanted, step)
        if admin and first_admin.invite(target, deployed.outputs, org, admin):
            console.print(f"{admin} is invited as an administrator.")
    except (BotoCoreError, ClientError) as error:
        raise DeployError(f"AWS: {error}") from error
    api = f"https://{deployed.outputs['RestAPIId']}.execute-api.{target.region}.amazonaws.com/api/v1"
    console.print(f"API {api}\nAPI docs {api}/docs", highlight=False, soft_wrap=True)


def _ask(target: Target, wanted: dict[str, str], *, sure: bool) -> None:
    """Show what will be done where, and at which cost; end here unless that is wanted."""
    table = Table(show_header=False, box=None)
    for name, value in {"Account": target.account, "Region": target.region, **wanted}.items():
        table.add_row(f"[bold]{name}", value or "[dim]none")
    console.print(table)
    console.print(costs.note())
    if not sure and not typer.confirm("Deploy?"):
        raise typer.Abort
