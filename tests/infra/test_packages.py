"""Functions run with only their zip and the two layers on the path, and the layers stay small (design.md, budgets)."""

import base64
import json
import subprocess
import sys
import time
from ast import ImportFrom, parse, walk
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from infra.cli.apps import APPS, package
from infra.cli.layers import COMMANDS_ONLY, LAMBDA_PLATFORM, core_layer, deps_layer
from toolcrib.domain.languages import ENGLISH, SPOKEN

MB = 1_000_000
NOWHERE = "http://127.0.0.1:9"  # discard: nobody answers there
ENVIRONMENT = {
    "AWS_ENDPOINT_URL": NOWHERE,
    "IOT_DATA_ENDPOINT": NOWHERE,
    "AWS_REGION": "us-east-1",
    "AWS_MAX_ATTEMPTS": "1",
    "AWS_ACCESS_KEY_ID": "none",
    "AWS_SECRET_ACCESS_KEY": "none",
    "LOCAL_STACK": "1",
    "TOOLCRIB_ORG": "acme",
    "STATE_TABLE": "state",
    "LEDGER_TABLE": "ledger",
    "MASTER_SECRET": "master",
    "BADGE_SECRET": "badge",
    "POWERTOOLS_METRICS_NAMESPACE": "Toolcrib",
    "POWERTOOLS_SERVICE_NAME": "alone",
    "ANCHOR_BUCKET": "anchors",
    "PHOTO_BUCKET": "photos",
    "ROSTER_BUCKET": "rosters",
}
TAP = {"id": "01JD3Z5M6Q8V0W2X4Y6Z8A1B3C", "at": "2026-11-20T09:00:00Z", "age_ms": 0, "boot": 1, "journal_depth": 0}
UPLOAD = {
    "thing": "acme:hq-01",
    "body": base64.b64encode(
        json.dumps({**TAP, "badges": ["1.NW_xfh2XaWiX6zEaXg-ve4cNeBG13Epe6BtHtchKAUo"]}).encode()
    ).decode(),
}
NOTICE = {"eventID": "1", "eventName": "INSERT", "eventSource": "aws:dynamodb", "awsRegion": "us-east-1"}
RECORD = {
    "SequenceNumber": "111",
    "Keys": {"pk": {"S": "acme#NOTICE#n-1"}, "sk": {"S": "NOTICE"}},
    "NewImage": {"pk": {"S": "acme#NOTICE#n-1"}, "sk": {"S": "NOTICE"}},
}
CALLS: dict[str, tuple[str, dict[str, Any]]] = {
    "devices": ("on_tap", UPLOAD),
    "schedules": ("sweep", {"time": "2026-11-20T09:00:00Z"}),
    "api": ("pre_token", {"request": {"userAttributes": {"sub": "s-1"}}, "response": {}, "userName": "s-1"}),
}


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Unpack every zip as Lambda would."""
    root = tmp_path_factory.mktemp("lambda")
    zips = {app: package(app).code.path for app in APPS} | {"core": core_layer().path, "deps": deps_layer(None).path}
    for name, path in zips.items():
        ZipFile(path).extractall(root / name)
    return {name: root / name for name in zips}


def _alone(folders: dict[str, Path], app: str, what: str, event: object = None) -> dict[str, Any]:
    program = Path("tests/support/alone.py").resolve()
    paths = [folders[app], folders["core"] / "python", folders["deps"] / "python"]
    run = subprocess.run(
        [sys.executable, "-I", "-S", "-W", "ignore", program, *paths, what],
        input=json.dumps(event),
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        check=True,
    )
    told: dict[str, Any] = json.loads(run.stdout.splitlines()[-1])
    return told


@pytest.mark.parametrize("app", APPS)
def test_everything_an_app_may_ever_import_is_in_its_zip_or_the_layers(folders: dict[str, Path], app: str) -> None:
    assert _alone(folders, app, "imports") == {"answer": []}


@pytest.mark.parametrize("app", CALLS)
def test_a_handler_runs_until_nobody_answers(folders: dict[str, Path], app: str) -> None:
    handler, event = CALLS[app]
    now = {"received_ms": int(time.time() * 1000)} if app == "devices" else {}
    assert "EndpointConnectionError" in _alone(folders, app, handler, event | now)["errors"]


def test_a_notice_that_cannot_be_read_is_left_to_the_stream(folders: dict[str, Path]) -> None:
    told = _alone(folders, "notices", "deliver", {"Records": [{**NOTICE, "dynamodb": RECORD}]})
    assert told == {"answer": {"batchItemFailures": [{"itemIdentifier": "111"}]}}


def test_the_description_is_answered_without_any_table(folders: dict[str, Path]) -> None:
    request = {
        "httpMethod": "GET",
        "path": "/v1/openapi.json",
        "resource": "/v1/openapi.json",
        "headers": {},
        "body": None,
        "requestContext": {"httpMethod": "GET", "resourcePath": "/v1/openapi.json", "path": "/api/v1/openapi.json"},
        "pathParameters": None,
        "stageVariables": None,
        "isBase64Encoded": False,
        "multiValueQueryStringParameters": None,
        "multiValueHeaders": {},
    }
    assert _alone(folders, "api", "app", request)["answer"]["statusCode"] == 200


@pytest.mark.parametrize(("layer", "at_most"), [("core", 1 * MB), ("deps", 40 * MB)])
def test_layers_stay_small(layer: str, at_most: int) -> None:
    path = {"core": core_layer, "deps": lambda: deps_layer(LAMBDA_PLATFORM)}[layer]().path
    assert sum(entry.file_size for entry in ZipFile(path).infolist()) <= at_most


@pytest.mark.parametrize("app", APPS)
def test_an_apps_zip_holds_its_own_code_and_the_framework_only(app: str) -> None:
    names = {Path(name).parts[0] for name in ZipFile(package(app).code.path).namelist()}
    assert names - {"app.py", "chalicelib", "chalice"} == set()


def test_the_core_layer_speaks_every_language() -> None:
    spoken = {Path(name).parts[-3] for name in ZipFile(core_layer().path).namelist() if name.endswith("toolcrib.mo")}
    assert spoken == set(SPOKEN) - {ENGLISH}


def test_nothing_in_the_core_layer_imports_what_only_commands_use() -> None:
    archive = ZipFile(core_layer().path)
    modules = [name for name in archive.namelist() if name.endswith(".py")]
    assert not [name for name in modules for each in COMMANDS_ONLY if name.startswith(each)]
    left_out = {each.removeprefix("python/").removesuffix(".py").replace("/", ".") for each in COMMANDS_ONLY}
    for name in modules:
        for node in walk(parse(archive.read(name))):
            if isinstance(node, ImportFrom) and node.module is not None:
                imported = {node.module, *(f"{node.module}.{each.name}" for each in node.names)}
                assert not imported & left_out, f"{name} imports {sorted(imported & left_out)}"
                assert not node.module.startswith(tuple(f"{each}." for each in left_out)), name


def test_the_core_layer_holds_sources_and_nothing_that_programs_left_behind() -> None:
    names = ZipFile(core_layer().path).namelist()
    assert names
    assert {Path(name).suffix for name in names} <= {".py", ".pem", ".j2", ".json", ".mo", ".typed"}
    assert not [name for name in names if any(part.startswith((".", "__pycache__")) for part in Path(name).parts)]
