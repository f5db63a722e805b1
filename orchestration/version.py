"""What code made a figure: the version of the package and a fingerprint of what decides figures."""

from __future__ import annotations

import hashlib

from orchestration import __version__
from orchestration.dbt_runner import project_checksum
from orchestration.settings import PROJECT_ROOT

_SHOWN = 12
"""Hexadecimal digits of the fingerprint that are shown."""


def code_version() -> str:
    """Version published with every figure, e.g. `0.1.0+3f9c01ab52de`: package version, and a
    fingerprint of the dbt project and of the Python that loads, judges and publishes."""
    digest = hashlib.sha256(project_checksum().encode())
    for package in ("orchestration", "expectations"):
        for path in sorted((PROJECT_ROOT / package).rglob("*.py")):
            digest.update(path.relative_to(PROJECT_ROOT).as_posix().encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return f"{__version__}+{digest.hexdigest()[:_SHOWN]}"
