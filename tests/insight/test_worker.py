"""The thread beside the shop: it does what is due, survives faults, and ends when it is told to."""

import threading
import time

import pytest

from assistant.insight.worker import Job, Worker


def test_jobs_are_done_again_and_again_each_at_its_pace() -> None:
    quick, slow = [], []
    enough = threading.Event()

    def often() -> None:
        quick.append(1)
        if len(quick) == 5:
            enough.set()

    worker = Worker([Job("often", 0.01, often), Job("seldom", 60, lambda: slow.append(1))])
    worker.start()
    assert enough.wait(10)
    worker.stop()
    assert len(slow) == 1


def test_a_job_that_fails_is_logged_and_tried_again(caplog: pytest.LogCaptureFixture) -> None:
    tried = []
    again = threading.Event()

    def fails() -> None:
        tried.append(1)
        if len(tried) == 3:
            again.set()
        raise OSError("no disk")

    worker = Worker([Job("counting", 0.01, fails)])
    worker.start()
    assert again.wait(10)
    worker.stop()
    assert "counting did not go through" in caplog.text


def test_a_worker_that_waits_ends_at_once() -> None:
    worker = Worker([Job("rarely", 3600, lambda: None)])
    worker.start()
    started = time.monotonic()
    worker.stop()
    assert time.monotonic() - started < 5


def test_a_worker_without_jobs_or_never_started_stops_too() -> None:
    worker = Worker([])
    worker.start()
    worker.stop()
    Worker([Job("never", 1, lambda: None)]).stop()
