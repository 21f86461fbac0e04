"""A whole installation for one soak: servers, web processes, relays, worker; and its faults."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Any, TypeVar

import psycopg

from starscal.devservices.layout import CHECKOUT, Layout
from starscal.devservices.postgres import private_postgres
from starscal.devservices.processes import stop
from starscal.devservices.valkey import FLEETING, private_valkey
from starscal.devservices.waiting import pause
from starscal.testing.live import CELERY, LiveProcess, new_relay, new_server, new_worker, sabotaged

Living = TypeVar("Living", bound=LiveProcess)
REDIS_AWAY_S, POSTGRES_AWAY_S = 3.0, 5.0


class Helper:
    """A program of the soak that is told what to do, and answers, a line at a time."""

    def __init__(self, argv: list[str], env: dict[str, str], log: IO[bytes]) -> None:
        self.process = subprocess.Popen(
            [sys.executable, *argv],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            env=env,
            cwd=CHECKOUT,
            text=True,
        )

    def end(self) -> None:
        """End the program, if it has not ended, and forget it."""
        self.process.kill()
        self.process.communicate()

    def tell(self, line: str) -> None:
        assert self.process.stdin is not None  # noqa: S101 - opened above
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def hear(self) -> dict[str, Any]:
        assert self.process.stdout is not None  # noqa: S101 - opened above
        answer: dict[str, Any] = json.loads(self.process.stdout.readline())
        return answer

    def ask(self, line: str) -> dict[str, Any]:
        self.tell(line)
        return self.hear()


class Town:
    """Everything a soak runs on, its own; `end` takes it away."""

    def __init__(self, folder: Path, *, webs: int = 2, workers: bool = False) -> None:
        self.stack = ExitStack()
        self.folder = folder
        self.layout = Layout(state=folder / "state")
        self.layout.prepare()
        self.log = self.stack.enter_context((folder / "servers.log").open("wb"))
        self.postgres = private_postgres(self.layout)
        self.valkey = private_valkey(self.layout, options=FLEETING)
        self.database = self.postgres.start(log=self.log)
        self.stack.callback(lambda: self.postgres.abandon(self.database))
        self.redis = self.valkey.start(log=self.log)
        self.stack.callback(lambda: stop(self.redis))
        self.environment = {
            "DATABASE_URL": self.postgres.url,
            "REDIS_URL": self.valkey.url,
            "STARSCAL_TEST_POOL": "1",
            "DB_POOL_MIN": "2",
            "DJANGO_SETTINGS_MODULE": "starscal.settings.test",
        }
        self.env = {**os.environ, **self.environment}
        argv = [sys.executable, "manage.py", "migrate", "-v", "0"]
        subprocess.run(argv, env=self.env, cwd=CHECKOUT, check=True)
        self.webs = [self._in_town(new_server(self._place(f"web{n}"))) for n in range(webs)]
        self.relays = [self._in_town(new_relay(self._place(f"relay{n}"))) for n in range(webs)]
        self.workers = [self._in_town(new) for new in self._workers()] if workers else []

    def _place(self, name: str) -> Path:
        place = self.folder / name
        place.mkdir()
        return place

    def _in_town(self, process: Living) -> Living:
        process.environment = self.environment
        self.stack.callback(process.kill)
        return process

    def _workers(self) -> list[LiveProcess]:
        quiet = ("--loglevel", "WARNING")
        beat = ("beat", "--pidfile=", "--schedule", str(self.folder / "schedule"))
        return [
            new_worker(self.folder, *quiet),
            LiveProcess([*CELERY, *beat, *quiet], self.folder / "beat.log"),
        ]

    def start(self) -> None:
        """Start what serves; all at once."""
        for process in self.processes:
            LiveProcess.start(process)
        for web in self.webs:
            web.wait_ready()

    def end(self) -> None:
        self.stack.close()

    @property
    def processes(self) -> list[LiveProcess]:
        return [*self.webs, *self.relays, *self.workers]

    def helper(self, module: str, options: dict[str, Any]) -> Helper:
        """Start a program of the soak and give it its options."""
        log = self.stack.enter_context((self.folder / f"{module}.log").open("wb"))
        argv = ["-m", f"starscal.testing.soak.{module}"]
        if module == "publisher":
            argv = sabotaged(argv)
        helper = Helper(argv, self.env, log)
        self.stack.callback(helper.end)
        helper.tell(json.dumps(options))
        return helper

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        """Return what a statement finds in the town's PostgreSQL."""
        with psycopg.connect(self.postgres.url, autocommit=True) as line:
            return line.execute(statement.encode()).fetchall()

    # -- faults: each returns when everything runs again --

    def kill_web(self, number: int) -> None:
        self.webs[number].restart()

    def kill_worker(self) -> None:
        worker = self.workers[0]
        worker.kill()
        worker.start()

    def redis_away(self) -> None:
        """Kill Redis; it comes back with nothing in it."""
        self.redis.kill()
        self.redis.wait()
        pause(REDIS_AWAY_S)
        self.redis = self.valkey.start(log=self.log)

    def postgres_restarted(self) -> None:
        """Restart PostgreSQL the immediate way, which is a crash."""
        stop(self.database, stop_signal=signal.SIGQUIT)
        self.database = self.postgres.start(log=self.log)

    def postgres_away(self) -> None:
        self.postgres.stop(self.database)
        pause(POSTGRES_AWAY_S)
        self.database = self.postgres.start(log=self.log)

    # -- what it weighs and says --

    def weights_mib(self) -> dict[str, float]:
        """Return what each process weighs: its share of the memory, less pages of files."""
        return {
            f"{process.log.parent.name}/{process.log.stem}": pss_mib(process)
            for process in self.processes
        }

    def tracebacks(self) -> list[str]:
        """Return where a log tells of what nobody had thought of."""
        return [str(p.log) for p in self.processes if "Traceback" in p.log.read_text("utf-8")]


Fault = Callable[[], None]


def pss_mib(process: LiveProcess) -> float:
    """Return the share of a process in the memory, without pages that the kernel keeps of files."""
    if process.process is None:
        return 0.0
    try:
        rollup = Path(f"/proc/{process.process.pid}/smaps_rollup").read_text("ascii")
    except OSError:
        return 0.0
    sizes = dict(line.split(":", 1) for line in rollup.splitlines()[1:])
    return sum(float(sizes[name].split()[0]) for name in ("Pss_Anon", "Pss_Shmem")) / 1024
