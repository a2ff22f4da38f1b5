"""Wheels of this very source, made without a network: a version of one's choice, broken where a test wants it."""

import base64
import hashlib
import sysconfig
import zipfile
from collections.abc import Mapping
from pathlib import Path

SOURCE = Path("edge")
COMMAND = "[console_scripts]\ntoolcrib-bank = edge.cli.main:app\n"


def wheel(folder: Path, name: str, version: str, files: Mapping[str, bytes], *, tag: str = "py3-none-any") -> Path:
    """Write a wheel (PEP 427)."""
    about = f"{name}-{version}.dist-info"
    held = {
        **files,
        f"{about}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n".encode(),
        f"{about}/WHEEL": f"Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: {tag}\n".encode(),
        f"{about}/entry_points.txt": (COMMAND if name == "toolcrib" else "").encode(),
    }
    rows = [f"{path},sha256={_digest(content)},{len(content)}" for path, content in held.items()]
    path = folder / f"{name}-{version}-{tag}.whl"
    folder.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for each, content in held.items():
            packed.writestr(each, content)
        packed.writestr(f"{about}/RECORD", "\n".join([*rows, f"{about}/RECORD,,", ""]))
    return path


def release(folder: Path, version: str, **changed: bytes) -> Path:
    """Write the wheels of a release: this source as `version`, some modules changed, and what it needs.

    What it needs is what these tests need, where that lies: a wheel of one `.pth`.
    """
    modules = {str(path): path.read_bytes() for path in sorted(SOURCE.rglob("*")) if _belongs(path)}
    for module, content in changed.items():
        modules[f"edge/{module.replace('__', '/')}.py"] = content
    wheel(folder, "toolcrib", version, modules)
    wheel(folder, "packages", "1.0", {"packages.pth": f"{sysconfig.get_path('purelib')}\n".encode()})
    return folder


def _belongs(path: Path) -> bool:
    return path.is_file() and "__pycache__" not in path.parts


def _digest(content: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()).decode().rstrip("=")
