"""`toolcrib tap`."""

from typing import Annotated, Any

import typer
from rich.table import Table

from edge.badges import CANONICAL
from infra.cli.errors import CommandError
from infra.cli.steps import console
from infra.cli.words import command
from infra.local import banks, ministack, words
from infra.local.changes import Changed, Changes
from infra.local.home import home
from infra.local.lines import line
from infra.local.panel import Panel
from infra.local.running import running

NO_OPTION = "-"  # an option nobody is offered: the visit ends at the list
TAPS = 3  # a cold function on a busy machine may answer too late

BankName = Annotated[str, typer.Argument(metavar="BANK", help="A simulated bank, such as hq-01.")]
Uid = Annotated[str, typer.Argument(metavar="UID", help="The badge in hex, most significant byte first.")]
Number = Annotated[int | None, typer.Option(min=1, help="Which option to pick when there are several; else the first.")]

Pin = Annotated[str | None, typer.Option(help="The PIN to type where the screen asks for one.")]
NewPin = Annotated[str | None, typer.Option(help="The PIN to set where the screen asks for a new one.")]
Others = Annotated[
    list[str] | None,
    typer.Option("--with", metavar="UID", help="A badge to tap where the screen asks for somebody else; repeatable."),
]

Answers = Annotated[
    str | None,
    typer.Option(metavar="ID=ANSWER,...", help="What to answer where the screen asks questions: guard=yes,cable=worn."),
]


def tap(
    bank: BankName,
    uid: Uid,
    option: Number = None,
    pin: Pin = None,
    new_pin: NewPin = None,
    others: Others = None,
    answers: Answers = None,
) -> None:
    """Tap a badge at a simulated bank; the simulated person then takes or returns the thing."""
    there = running(home())
    _check_simulated(banks.known(there.home, bank), bank)
    changes = Changes(ministack.target(there.home), there.stack["tables"]["state"])
    panel, badge = Panel(there.home), _canonical(uid)
    with_them = [_canonical(other) for other in others or ()] or None
    known = {"pin": pin, "new_pin": new_pin, "others": with_them, "answers": answered(answers) or None}
    ready = {name: value for name, value in known.items() if value is not None}
    visit = _tap(panel, bank, badge, None if option is None else NO_OPTION, ready)
    chosen = visit["picked"]
    _show_offer(bank, visit)
    if option is not None and visit["answer"] == "session":
        chosen = _pick(visit["options"], option)
        visit = _tap(panel, bank, badge, chosen, ready)
    _show_choice(visit["options"], chosen)
    for sentence in words.happened(bank, visit):
        console.print(sentence, soft_wrap=True)
    for changed in changes.read() or ():
        told = _about(visit, changed) and line(changed)
        if told:
            console.print(told[1], soft_wrap=True)
    if visit["answer"] in {"offline", "none"}:
        raise typer.Exit(1)


def answered(given: str | None) -> dict[str, str | bool]:
    """Return answers by question: yes and no are what a screen's buttons send, anything else is sent as it is."""
    pairs = (each.partition("=") for each in (given or "").split(",") if each)
    return {name.strip(): {"yes": True, "no": False}.get(said, said) for name, _, said in pairs}


def _tap(panel: Panel, bank: str, badge: str, option: str | int | None, ready: dict[str, Any]) -> dict[str, Any]:
    """Tap, and tap again where no answer comes, as the screen asks to; return the last visit."""
    visit = panel.tap(bank, badge, option=option, **ready)
    for _ in range(TAPS - 1):
        if visit["answer"] != "none":
            break
        console.print("[dim]No answer came; tapping again.[/dim]")
        visit = panel.tap(bank, badge, option=option, **ready)
    return visit


def _check_simulated(entry: dict[str, Any], bank: str) -> None:
    if not entry["simulated"]:
        raise CommandError(f"{bank} is not simulated. Simulate it: {command()} bank simulate {bank}")


def _canonical(uid: str) -> str:
    badge = "".join(uid.split()).replace(":", "").replace("-", "").upper()
    if CANONICAL.fullmatch(badge) is None:
        raise typer.BadParameter("a UID is 3, 4, 5, 7 or 10 bytes in hex, such as 04A2246B1F9080", param_hint="UID")
    return badge


def _pick(options: list[dict[str, Any]], number: int) -> str | int:
    if number > len(options):
        raise CommandError(f"There are options 1 to {len(options)}, no {number}." if options else "There is no option.")
    chosen: str | int = options[number - 1]["option"]
    return chosen


def _show_offer(bank: str, visit: dict[str, Any]) -> None:
    """Print what a kiosk shows: its options by number, and what is refused."""
    if not visit["options"] and not visit["refusals"]:
        return
    table = Table(title=f"{bank} greets {visit['person']}", title_justify="left", box=None, pad_edge=False)
    for heading in ("", "what", "door", "due"):
        table.add_column(heading)
    for number, each in enumerate(visit["options"], 1):
        table.add_row(str(number), *words.option(each))
    console.print(table)
    for refusal in visit["refusals"]:
        console.print(words.refusal(refusal), soft_wrap=True)


def _show_choice(options: list[dict[str, Any]], chosen: str | int | None) -> None:
    for number, each in enumerate(options, 1):
        if each["option"] == chosen:
            console.print(f"Picked {number}: {words.plain(each['title'])}")


def _about(visit: dict[str, Any], changed: Changed) -> bool:
    """Whether a committed change belongs to this visit."""
    grant, after = visit["grant"], changed.after
    return grant is not None and grant in {getattr(after, "id", None), getattr(after, "grant", None), *_grants(after)}


def _grants(record: object) -> frozenset[str]:
    return frozenset(getattr(record, "grants", ()))
