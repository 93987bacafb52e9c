"""One process at a time in a folder, by a lock that the kernel drops when its holder ends, however it ends."""

import fcntl
import os
from pathlib import Path

from catalog.errors import FolderTaken

_FILE = "in-use.lock"


class FolderLock:
    """Holds `folder` from construction until `close`. Raises FolderTaken where another holds it."""

    def __init__(self, folder: Path) -> None:
        path = folder / _FILE
        self._file = path.open("a+", encoding="ascii")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            self._file.seek(0)
            holder = self._file.read().strip() or "unknown"
            self._file.close()
            raise FolderTaken(f"{folder} is in use by process {holder}, and only one at a time may open it") from error
        self._file.truncate(0)
        self._file.write(str(os.getpid()))
        self._file.flush()

    def close(self) -> None:
        self._file.close()
