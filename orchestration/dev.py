"""`make dev`: the Dagster UI and daemon for the warehouse that the environment names."""

from __future__ import annotations

import os
import sys

from orchestration.dagster_home import use_dagster_home
from orchestration.settings import PROJECT_ROOT, Settings


def main() -> None:
    """Become `dagster dev`; further arguments (such as `--port 3001`) are its own."""
    use_dagster_home(Settings.from_env())
    os.chdir(PROJECT_ROOT)
    module = "orchestration.definitions"
    os.execv(
        sys.executable,
        [sys.executable, "-m", "dagster", "dev", "-m", module, *sys.argv[1:]],
    )


if __name__ == "__main__":
    main()
