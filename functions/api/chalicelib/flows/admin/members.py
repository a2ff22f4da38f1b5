"""What pairs and kits name: things that are there, as many as they may, each once."""

from collections.abc import Collection

from toolcrib.domain.principals import Asked
from toolcrib.store.assets import find_assets


def fits(names: Collection[str], least: int, most: int) -> bool:
    """Whether these are `least` to `most`, each named once."""
    return least <= len(names) <= most and len(set(names)) == len(names)


def missing_assets(asked: Asked, assets: Collection[str]) -> list[str]:
    """Return which of these assets are not there."""
    return sorted(set(assets) - find_assets(asked.org, assets).keys()) if assets else []
