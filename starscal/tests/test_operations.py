"""The operations endpoints of a real Daphne while the servers behind it stop and hang."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from starscal.core.context import context_of
from starscal.core.errors import COUNTS, FACTS, error_groups_collect
from starscal.core.models import ErrorGroup
from starscal.core.redis_client import quick_redis, redis_key
from starscal.devservices.layout import Layout
from starscal.devservices.postgres import FAST, Postgres, private_postgres
from starscal.devservices.valkey import FLEETING, private_valkey
from starscal.devservices.waiting import poll
from starscal.testing.live import HOST, LiveProcess, LiveServer, new_worker
from starscal.tests.failing_task import fail

Process = subprocess.Popen[bytes]


@dataclass(frozen=True)
class Installation:
    """A Daphne with servers of its own, as `make run` starts it, pool included."""

    web: LiveServer
    postgres: Postgres
    database: Process
    redis: Process

    def get(self, path: str, **headers: str) -> tuple[int, http.client.HTTPMessage, str]:
        line = http.client.HTTPConnection(HOST, self.web.port, timeout=10)
        try:
            line.request("GET", path, headers=headers)
            answer = line.getresponse()
            return answer.status, answer.headers, answer.read().decode()
        finally:
            line.close()

    def checks(self) -> dict[str, dict[str, Any]]:
        status, _headers, body = self.get("/readyz")
        assert status == 503  # no relay, worker or beat here
        found: dict[str, dict[str, Any]] = json.loads(body)["checks"]
        return found

    def holds(self, check: str) -> bool:
        return bool(self.checks()[check]["status"] == "ok")


@pytest.fixture
def installation(
    monkeypatch: pytest.MonkeyPatch, free_port: int, tmp_path: Path
) -> Iterator[Installation]:
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="starscal-ops-"))
        layout = Layout(state=Path(folder))
        layout.prepare()
        log = stack.enter_context((tmp_path / "servers.log").open("wb"))
        postgres = private_postgres(layout, options=FAST)
        database = postgres.start(log=log)
        stack.callback(postgres.abandon, database)
        valkey = private_valkey(layout, options=FLEETING)
        redis = valkey.start(log=log)
        stack.callback(valkey.stop, redis)
        environment = {
            **os.environ,
            "DATABASE_URL": postgres.url,
            "REDIS_URL": valkey.url,
            "DJANGO_SETTINGS_MODULE": "starscal.settings.local",
            "STARSCAL_STATE_DIR": folder,
        }
        monkeypatch.setattr("starscal.testing.live.stack_environment", lambda: environment)
        web = LiveServer(free_port, tmp_path / "web.log")
        web.start()
        stack.callback(web.stop)
        yield Installation(web, postgres, database, redis)


def family(pid: int) -> list[int]:
    """Return a process and all below it."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(member for child in children for member in family(int(child)))]


@contextmanager
def frozen(process: Process) -> Iterator[None]:
    """Stop a server so that it neither answers nor refuses."""
    members = family(process.pid)
    for pid in members:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in members:
            os.kill(pid, signal.SIGCONT)


def assert_operations_answer(installation: Installation) -> None:
    """Hold every endpoint to its time, whatever stands still behind it."""
    for path, status in (("/livez", 200), ("/readyz", 503), ("/metrics", 200)):
        start = time.monotonic()
        assert installation.get(path)[0] == status
        assert time.monotonic() - start < 8.0, path  # a second or two, and a busy machine


def fresh(installation: Installation, check: str, *, ok: bool) -> bool:
    """Wait until a check says so; an answer may be a second old."""
    return poll(lambda: installation.holds(check) is ok, timeout_s=20, interval_s=0.2)


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs Linux's /proc")
@pytest.mark.slow
def test_nothing_that_hangs_or_stops_takes_the_endpoints_along(installation: Installation) -> None:
    assert fresh(installation, "database", ok=True)
    assert fresh(installation, "redis", ok=True)
    assert fresh(installation, "kernel", ok=True)
    assert 'starscal_db_pool{stat="pool_max"} 20.0' in installation.get("/metrics")[2]
    assert not installation.holds("migrations")

    with frozen(installation.database):
        assert fresh(installation, "database", ok=False)
        assert_operations_answer(installation)
        assert installation.checks()["database"]["reason"] == "no answer within 1 s"
        assert fresh(installation, "redis", ok=True)
    assert fresh(installation, "database", ok=True)

    with frozen(installation.redis):
        assert fresh(installation, "redis", ok=False)
        assert_operations_answer(installation)
        assert fresh(installation, "database", ok=True)
        assert "starscal_process_figures_up 0.0" in installation.get("/metrics")[2]
    assert fresh(installation, "redis", ok=True)

    installation.postgres.abandon(installation.database)
    assert fresh(installation, "database", ok=False)
    assert_operations_answer(installation)
    assert 'starscal_check_up{check="database"} 0.0' in installation.get("/metrics")[2]


@pytest.mark.slow
def test_the_log_of_a_real_server_tells_nothing_personal(installation: Installation) -> None:
    installation.get("/readyz")
    status, headers, _body = installation.get(
        "/nowhere/ann@mail.example?token=s3cr3t",
        **{
            "X-Request-ID": "from-outside",
            "Authorization": "Bearer s3cr3t",
            "X-Forwarded-For": "203.0.113.9",
        },
    )
    assert (status, headers["X-Request-ID"]) == (404, "from-outside")
    assert "starscal_db_pool" in installation.get("/metrics")[2]
    text = installation.web.log.read_text()
    lines = [json.loads(line) for line in text.splitlines()]
    (access,) = [line for line in lines if line.get("request_id") == "from-outside"]
    assert access["path"] == "/nowhere/[e-mail]"
    assert (access["logger"], access["event"]) == ("starscal.access", "request")
    for secret in ("ann@", "s3cr3t", "203.0.113.9", "Bearer"):
        assert secret not in text


@pytest.fixture
def worker(transactional_db: None, tmp_path: Path) -> Iterator[LiveProcess]:
    quick_redis().delete(*map(redis_key, (COUNTS, FACTS)))
    process = new_worker(tmp_path, "-I", "starscal.tests.failing_task")
    process.start()
    yield process
    process.stop()


def worker_lines(worker: LiveProcess) -> list[dict[str, Any]]:
    """Return the worker's JSON lines; Celery prints its farewell beside them."""
    text = worker.log.read_text() if worker.log.exists() else ""
    return [json.loads(line) for line in text.splitlines() if line.startswith("{")]


@pytest.mark.slow
def test_a_failing_task_is_logged_with_its_request_and_counted(worker: LiveProcess) -> None:
    with context_of("req-42"):
        sent = fail.delay()
    poll(lambda: any(line["event"] == "task" for line in worker_lines(worker)), timeout_s=60)
    lines = [line for line in worker_lines(worker) if line.get("request_id") == sent.id]
    assert [line["event"] for line in lines] == ["error", "task"]
    failed, ended = lines
    assert failed["parent_id"] == ended["parent_id"] == "req-42"
    assert failed["where"] == "task"
    assert failed["exception"][0]["exc_value"] == "for [e-mail]"
    assert (ended["task"], ended["state"]) == ("tests.fail", "failure")
    assert error_groups_collect() == 1
    group = ErrorGroup.objects.get()
    assert (group.fingerprint, group.place) == (
        failed["fingerprint"],
        "starscal.tests.failing_task.fail",
    )
