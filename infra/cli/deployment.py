"""The order of a deployment: what outlives everything first, then what it may do, what it runs on, what runs."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass

from infra.cli.apps import APPS, Package, package
from infra.cli.artifacts import Artifacts
from infra.cli.layers import LAMBDA_PLATFORM, RUNTIME, Artifact, core_layer, deps_layer
from infra.cli.paths import TEMPLATES
from infra.cli.stacks import Stacks
from infra.cli.target import Target

Step = Callable[[str], AbstractContextManager[None]]


@dataclass(frozen=True, kw_only=True)
class Deployed:
    """What a deployment left: every stack's outputs, and the functions by their name in app.py."""

    outputs: dict[str, str]
    functions: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class Built:
    """What is uploaded."""

    packages: tuple[Package, ...]
    core: Artifact
    deps: Artifact


def build(target_platform: str | None) -> Built:
    """Package the apps and make the layers for a platform (None: this machine); what is made already is taken.

    Raises:
        PackagingError: when an app cannot be packaged.
    """
    with ThreadPoolExecutor(max_workers=2) as pool:
        deps = pool.submit(deps_layer, target_platform)
        packages = tuple(pool.map(package, APPS))
        return Built(packages=packages, core=core_layer(), deps=deps.result())


def deploy(target: Target, settings: dict[str, str], step: Step, built: Callable[[], Built] | None = None) -> Deployed:
    """Deploy everything to `target`; `settings` are template parameters such as `Org` and `MailFrom`.

    Runs the same steps on AWS and on the local stack and changes only what changed. `built` gives what somebody
    builds already.

    Raises:
        PackagingError: when an app cannot be packaged.
        StackError: when CloudFormation gives up; the stack named is rolled back, earlier ones stay.
    """
    artifacts = Artifacts(target)
    stacks = Stacks(target, artifacts)
    prefix = f"toolcrib-{settings['Org']}"
    with step("Packages and layers"):
        parts = built() if built else build(None if target.is_local else LAMBDA_PLATFORM)
    with step("Upload"):
        artifacts.prepare()
        known = {**settings, **_facts(target, artifacts), "Runtime": RUNTIME}
        known |= {"CoreKey": artifacts.upload(parts.core), "DepsKey": artifacts.upload(parts.deps)}
        # The function's ARN outlives deployments: known from the second one on (see foundation.yaml).
        known |= {key: arn for key, arn in stacks.outputs(f"{prefix}-api").items() if key == "PreTokenFunction"}
    for name in ("foundation", "access", "layers"):
        with step(f"Stack {name}"):
            known |= stacks.deploy(f"{prefix}-{name}", (TEMPLATES / f"{name}.yaml").read_text(), known)
    functions: dict[str, str] = {}
    for made in parts.packages:
        with step(f"Stack {made.app}"):
            own = {"CodeKey": artifacts.upload(made.code)}
            known |= stacks.deploy(f"{prefix}-{made.app}", made.template.read_text(), known | own)
            functions |= stacks.functions(f"{prefix}-{made.app}")
            known |= {"ApiBase": target.api_base(known)} if made.app == "api" else {}
    with step("Stack alarms"):
        watched = {"Functions": ",".join(sorted(functions.values()))}
        stacks.deploy(f"{prefix}-alarms", (TEMPLATES / "alarms.yaml").read_text(), known | watched)
    with step("Sign-in calls the scopes function"):
        known |= stacks.deploy(f"{prefix}-foundation", (TEMPLATES / "foundation.yaml").read_text(), known)
    return Deployed(outputs=known, functions={_snake(name): physical for name, physical in functions.items()})


def _facts(target: Target, artifacts: Artifacts) -> dict[str, str]:
    return {
        "ArtifactsBucket": artifacts.bucket,
        "IotDataEndpoint": target.iot_data_endpoint,
        "MqttHost": target.mqtt.host,
        "MqttPort": str(target.mqtt.port),
        "LocalStack": "1" if target.is_local else "",
    }


def _snake(logical: str) -> str:
    if logical == "APIHandler":
        return "api"
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in logical).lstrip("_")
