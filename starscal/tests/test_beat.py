"""Beat inside a worker: it beats, ends with its worker, and ends its worker if it fails."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from starscal.core.heartbeat import BEAT_SEEN, WORKER_SEEN, heartbeat_read
from starscal.core.redis_client import quick_redis, redis_key
from starscal.devservices.waiting import poll
from starscal.testing.live import LiveProcess, new_worker

pytestmark = pytest.mark.slow
Start = Callable[[Path], LiveProcess]


@pytest.fixture
def start_worker(transactional_db: None, tmp_path: Path) -> Iterator[Start]:
    quick_redis().delete(*quick_redis().keys(redis_key("*")) or ["none"])
    started: list[LiveProcess] = []

    def start(schedule: Path) -> LiveProcess:
        process = new_worker(tmp_path, "--with-beat", "-s", str(schedule))
        started.append(process)
        process.start()
        return process

    yield start
    for process in started:
        process.stop()


def test_beat_shows_its_sign_of_life_and_ends_with_its_worker(
    start_worker: Start, tmp_path: Path
) -> None:
    worker = start_worker(tmp_path / "schedule")
    assert poll(lambda: heartbeat_read(WORKER_SEEN) is not None, timeout_s=60)
    beat, beside = heartbeat_read(BEAT_SEEN), heartbeat_read(WORKER_SEEN)
    assert beat is not None
    assert beside is not None
    assert beside.figures
    assert beat.figures == []  # they would count twice
    worker.stop()
    assert worker.process is not None
    assert worker.process.returncode == 0


def test_a_beat_that_fails_ends_its_worker(start_worker: Start, tmp_path: Path) -> None:
    worker = start_worker(tmp_path / "missing folder" / "schedule")
    assert poll(lambda: worker.has_ended, timeout_s=60)
