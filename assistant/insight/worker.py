"""Work that is done again and again beside the shop: a thread that runs jobs when each is due, and outlives their faults."""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Job:
    """Something to do every so many seconds; what it returns is not looked at."""

    name: str
    every_s: float
    run: Callable[[], object]


class Worker:
    """Runs its jobs one after the other in a thread of its own; the first time each at once."""

    def __init__(self, jobs: Sequence[Job], clock: Callable[[], float] = time.monotonic) -> None:
        self._jobs = tuple(jobs)
        self._clock = clock
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._work, name="insight", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self, timeout_s: float = 10) -> None:
        """Finish the job under way and end."""
        self._over.set()
        if self._thread.is_alive():
            self._thread.join(timeout_s)

    def _work(self) -> None:
        due = {job.name: self._clock() for job in self._jobs}
        while self._jobs and not self._over.is_set():
            job = min(self._jobs, key=lambda one: due[one.name])
            if self._over.wait(max(0.0, due[job.name] - self._clock())):
                return
            self._run(job)
            due[job.name] = self._clock() + job.every_s

    def _run(self, job: Job) -> None:
        try:
            job.run()
        except Exception:  # the next jobs, and this one the next time, are done all the same
            _log.exception("%s did not go through, and is tried again in %s s", job.name, job.every_s)
