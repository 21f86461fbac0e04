"""A beat that says it is alive, and one that lives in a worker."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from functools import partial
from threading import current_thread, main_thread
from typing import Any, Final

from celery.beat import EmbeddedService, PersistentScheduler
from celery.bootsteps import StartStopStep

from starscal.core.heartbeat import BEAT_SEEN, heartbeat, heartbeat_beside

STOP_S: Final = 5.0


class HeartbeatScheduler(PersistentScheduler):
    """Celery's scheduler; each round leaves a sign of life where readiness looks for it.

    As a thread of a worker it leaves no figures: they are the worker's, which tells of them.
    """

    def tick(self, *args: Any, **kwargs: Any) -> float:
        wait: float = super().tick(*args, **kwargs)
        beat = heartbeat if current_thread() is main_thread() else heartbeat_beside
        beat(BEAT_SEEN)
        return min(wait, 5.0)


class BeatThread(StartStopStep):
    """Beat inside a worker, for a machine that has only one.

    Celery's own ``--beat`` forks a process, which a killed worker leaves behind.
    """

    label = "Beat"
    conditional = True

    def __init__(self, parent: Any, with_beat: bool = False, **options: Any) -> None:
        self.enabled = with_beat
        super().__init__(parent, **options)

    def create(self, parent: Any) -> Any:
        """Return the thread; it ends with its worker, and its worker with it."""
        thread: Any = EmbeddedService(
            parent.app,
            thread=True,
            schedule_filename=parent.schedule_filename,
            scheduler_cls=parent.scheduler,
        )
        thread.run = partial(_run_or_end, thread.run)
        return thread

    def stop(self, _parent: Any) -> None:
        """Have the thread write its schedule down; do not wait for one that has failed."""
        self.obj.service.stop()
        self.obj.join(timeout=STOP_S)


def _run_or_end(run: Callable[[], None]) -> None:
    """Run beat; if it fails, end the worker as a supervisor would, which starts both anew."""
    try:
        run()
    except BaseException:
        os.kill(os.getpid(), signal.SIGTERM)
        raise
