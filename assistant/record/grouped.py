"""Several threads' writes in one commit: a commit waits for the disk, and those that come meanwhile can wait together.

Whoever finds nobody writing writes for all that wait. Knows nothing of what is written.
"""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

Asked = TypeVar("Asked")
Told = TypeVar("Told")


class _Waiting(Generic[Asked, Told]):
    """One thread's part, and what became of it."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.told: Told | None = None
        self.fault: Exception | None = None
        self.done = False


class Grouped(Generic[Asked, Told]):
    """Hands what is put to `commit` together with what others put meanwhile; it answers each in order, or raises."""

    def __init__(self, commit: Callable[[Sequence[Asked]], Sequence[Told]]) -> None:
        self._commit = commit
        self._writing = threading.Lock()
        self._waiting: deque[_Waiting[Asked, Told]] = deque()

    def put(self, asked: Asked) -> Told:
        """What `commit` answers to `asked`, once it is committed. Raises what `commit` raises of it."""
        mine: _Waiting[Asked, Told] = _Waiting(asked)
        self._waiting.append(mine)
        with self._writing:
            if not mine.done:
                self._write()
        if mine.fault is not None:
            raise mine.fault
        return mine.told  # type: ignore[return-value]  # told, since it is done without a fault

    def _write(self) -> None:
        group = [self._waiting.popleft() for _ in range(len(self._waiting))]
        if not self._written(group) and len(group) > 1:
            for one in group:  # each alone: what one of them breaks must not be the others' loss
                self._written([one])

    def _written(self, group: Sequence[_Waiting[Asked, Told]]) -> bool:
        try:
            told = self._commit([one.asked for one in group])
        except Exception as error:
            for one in group:
                one.fault, one.done = error, True
            return False
        for one, answer in zip(group, told, strict=True):
            one.told, one.fault, one.done = answer, None, True
        return True
