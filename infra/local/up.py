"""`toolcrib up`: start, deploy, make users, load the workplace, start its banks, and say where everything is."""

import shutil
import time
from concurrent.futures import ThreadPoolExecutor

from infra.cli.deployment import Deployed, build, deploy
from infra.cli.steps import bar, console, step
from infra.cli.target import Target
from infra.local import banks, gateway, load, mailing, ministack, principals, programs, sample, stack_file, workspace
from infra.local.home import Home, LocalStackError
from infra.local.panel import Panel
from infra.local.running import Running, running
from infra.local.warm import warming

ORG = "acme"
SENDER = "toolcrib@acme.example"
SETTINGS = {
    "Org": ORG,
    "DeletionProtection": "false",  # --empty starts anew
    "MailFrom": SENDER,
    "MailRate": "100",
    "MailSender": SENDER,
    "MailIdentity": SENDER,
}
BANK_READY_WITHIN_S, BANKS_READY_WITHIN_S = 10, 90  # the first may wait for a function to wake
LOOK_EVERY_S = 0.2


def up(home: Home, *, port: int | None, mqtt_port: int | None, empty: bool) -> Running:
    """Bring the local stack up, as it was or empty, and return it; what already runs stays as it is.

    Raises:
        LocalStackError: when a port asked for is taken or a program does not start.
        DeployError: when a stack does not come to rest.
    """
    if empty:
        _clear(home)
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="build") as meanwhile:
        building = meanwhile.submit(build, None)
        with step("Local AWS: install"):
            ministack.install()
        with step("Local AWS and inbox: start"):
            target = ministack.start(home, port=port, mqtt_port=mqtt_port)
            inbox = programs.start_inbox(home, str(target.endpoint), stack_file.SIGNING_SECRET)
        deployed = deploy(target, {**SETTINGS, "SlackApiBase": inbox}, step, building.result)
    with step("Keys and users"):
        gateway.put_responses(target, deployed.outputs["RestAPIId"])
        mailing.allow(target, f"toolcrib-{ORG}")
        stack_file.write(home, target, deployed, org=ORG, inbox=inbox)
    there = running(home)
    with warming(target, deployed.functions):
        if empty:
            with step("Fallback policy"):
                load.fallback(there.api())
        else:
            _load(there, target, deployed)
    _start_banks(there)
    return there


def _clear(home: Home) -> None:
    """Stop this folder's stack and delete all it ever knew; refuses a folder that holds something else."""
    strange = home.folder.exists() and any(home.folder.iterdir()) and not (home.folder / "root.json").exists()
    if strange:
        raise LocalStackError(f"{home.folder} is not a local stack's folder. Name another as TOOLCRIB_HOME.")
    programs.stop_all(home)
    shutil.rmtree(home.folder, ignore_errors=True)


def _load(there: Running, target: Target, deployed: Deployed) -> None:
    api = there.api()
    if not load.wanted(there.home, api):
        return
    principals.enter_users(target, deployed.outputs, ORG, sample.USERS)
    workspace.enter(there.home.read("stack.json")["inbox"], (person for person, _ in sample.PEOPLE))
    with bar("Sample workplace, through the HTTP API", load.size()) as advance:
        load.workplace(there.home, api, advance)


def _start_banks(there: Running) -> None:
    """Start what is simulated; the sample's banks for the first time one by one, so that functions wake one by one."""
    with step("Simulated banks"):
        programs.start_fleet(there.home)
        panel = Panel(there.home)
        if load.is_begun(there.home):
            panel.name(load.names())
            for cabinet in sample.BANKS:
                banks.play(there.home, panel, cabinet.id, load.contents(cabinet.id))
                _wait(panel, BANK_READY_WITHIN_S)
            load.finish(there.home)
        waiting = _wait(panel, BANKS_READY_WITHIN_S)
    if waiting:
        console.print(f"[yellow]Not connected yet: {', '.join(waiting)}; fleet.log may say why.[/yellow]")


def _wait(panel: Panel, patience_s: float) -> list[str]:
    """Wait until every simulated bank is connected and knows the time; return those that do not come so far."""
    deadline = time.monotonic() + patience_s
    while True:
        waiting = [name for name, bank in panel.banks().items() if not bank["ready"]]
        if not waiting or time.monotonic() > deadline:
            return waiting
        time.sleep(LOOK_EVERY_S)


def facts(there: Running) -> dict[str, str]:
    """Return what a person wants to know of a running stack, in the order of need."""
    stack = there.home.read("stack.json")
    known = {"API": f"{stack['api']}/v1", "API docs": f"{stack['api']}/v1/docs", "Inbox": f"{stack['inbox']}/"}
    return known | plays(there.home)


def plays(home: Home) -> dict[str, str]:
    """Return the page of each simulated bank: its screen, its doors, and the cards of who stands there."""
    simulated = [bank for bank, entry in home.read("stack.json")["banks"].items() if entry["simulated"]]
    return {bank: f"{programs.panel_url(home)}/play/{bank}" for bank in simulated}
