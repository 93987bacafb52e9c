import os
import subprocess
import sys
from pathlib import Path

import pytest

from catalog import CatalogError
from catalog.lock import FolderLock

HOLD = (
    "import sys; from pathlib import Path; from catalog.lock import FolderLock; lock = FolderLock(Path(sys.argv[1])); "
    "print('held', flush=True); sys.stdin.read()"
)


def test_a_folder_is_held_by_one_at_a_time(tmp_path: Path) -> None:
    lock = FolderLock(tmp_path)
    with pytest.raises(CatalogError, match=rf"in use by process {os.getpid()}, and only one"):
        FolderLock(tmp_path)
    lock.close()
    FolderLock(tmp_path).close()


def test_a_killed_process_leaves_the_folder_free(tmp_path: Path) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout
    assert holder.stdin
    with holder:
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(CatalogError, match=f"in use by process {holder.pid}"):
            FolderLock(tmp_path)
        holder.kill()
        holder.wait()
        FolderLock(tmp_path).close()
