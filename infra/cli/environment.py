"""What programs that we start inherit of the environment."""

import os


def inherited() -> dict[str, str]:
    """Return this process's environment without the folders that Python was told to look into.

    An app and a Lambda see their own folder and the layers: with a `PYTHONPATH`, `import app` may find another's.
    """
    return {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
