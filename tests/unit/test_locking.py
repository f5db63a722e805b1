import subprocess
import sys

import pytest

from orchestration.locking import WarehouseBusy, warehouse_lock
from orchestration.settings import Settings

_HOLD = """
import sys, time
from orchestration.locking import warehouse_lock
from orchestration.settings import Settings
with warehouse_lock(Settings.from_env(warehouse=sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def settings(tmp_path):
    return Settings.from_env({}, warehouse=tmp_path)


def test_the_lock_is_re_entrant_within_a_process(settings):
    with warehouse_lock(settings), warehouse_lock(settings, wait=False):
        pass
    with warehouse_lock(settings, wait=False):
        pass


def test_a_second_process_is_told_who_writes_and_a_killed_one_leaves_no_lock(settings):
    holder = subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(settings.warehouse)], stdout=subprocess.PIPE
    )
    try:
        assert holder.stdout.readline() == b"held\n"
        busy = pytest.raises(WarehouseBusy, match=f"process {holder.pid}")
        with busy, warehouse_lock(settings, wait=False):
            pass
    finally:
        holder.kill()
        holder.wait()
    with warehouse_lock(settings, wait=False):
        pass
