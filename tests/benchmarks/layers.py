"""What the layers weigh when Lambda has unpacked them."""

from zipfile import ZipFile

from infra.cli.layers import core_layer, deps_layer

MB = 1_000_000


def layer_sizes() -> tuple[float, float]:
    """Return the unzipped sizes of the core and the deps layer in MB."""
    core, deps = (
        sum(entry.file_size for entry in ZipFile(layer.path).infolist()) for layer in (core_layer(), deps_layer())
    )
    return core / MB, deps / MB
