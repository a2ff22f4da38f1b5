"""Pairs in a workplace, put straight into the rule book."""

from toolcrib.domain.pairing import Pair, PairKind


def lockout(*assets: str, **more: bool) -> Pair:
    return Pair(id="-".join(assets), kind=PairKind.LOCKOUT, assets=assets, **more)


def exclusive(*types: str, categories: tuple[str, ...] = (), **more: bool) -> Pair:
    return Pair(id="x", kind=PairKind.EXCLUSIVE, asset_types=types, categories=categories, **more)
