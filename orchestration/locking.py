"""One writer at a time for a warehouse folder.

The lock is the kernel's (flock), so it ends with its process, however that ends.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from orchestration.settings import Settings

_held: dict[Path, int] = {}


class WarehouseBusy(RuntimeError):
    """Another process writes this warehouse now."""


@contextmanager
def warehouse_lock(settings: Settings, *, wait: bool = True) -> Iterator[None]:
    """Hold the warehouse for writing; re-entrant within the process.

    Raises:
        WarehouseBusy: another process holds it and `wait` is false.
    """
    path = settings.state / "run.lock"
    if path in _held:
        _held[path] += 1
        try:
            yield
        finally:
            _held[path] -= 1
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            owner = os.pread(descriptor, 32, 0).decode("ascii", "replace").strip()
            raise WarehouseBusy(
                f"another run (process {owner or 'unknown'}) is writing {settings.warehouse}: "
                "wait until it ends, or give another --warehouse"
            ) from None
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode("ascii"), 0)
        _held[path] = 1
        try:
            yield
        finally:
            del _held[path]
    finally:
        os.close(descriptor)
