"""The checks that every installation has: database, migrations, Redis, processes, lag."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import cache, partial, wraps

from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from starscal.core import clock
from starscal.core.health import Check, Finding, health_register
from starscal.core.heartbeat import BEAT_SEEN, PROCESSES, RELAY_SEEN, WORKER_SEEN, heartbeat_read
from starscal.core.redis_client import quick_redis
from starscal.core.selectors import outbox_lag_s

# Beat speaks every 5 s, the worker when beat rings it every 10 s, the relay every few seconds.
LIMITS_S = {BEAT_SEEN: 30.0, WORKER_SEEN: 60.0, RELAY_SEEN: 15.0}
LAG_LIMIT_S = 10.0


def register() -> None:
    """Register the checks of the shared kernel."""
    health_register("database", database)
    health_register("migrations", migrations)
    health_register("redis", redis)
    for name in LIMITS_S:
        health_register(name, partial(process_alive, name))
    health_register("relay_lag", relay_lag)


def process_watch(name: str, limit_s: float) -> None:
    """Expect one more process to be alive: in readiness, and its figures among the metrics."""
    LIMITS_S[name] = limit_s
    if name not in PROCESSES:
        PROCESSES.append(name)
    health_register(name, partial(process_alive, name))


def gives_back(check: Check) -> Check:
    """Give the thread's connection back, whatever the check came to."""

    @wraps(check)
    def checked() -> Finding:
        try:
            return check()
        finally:
            connection.close()

    return checked


@gives_back
def database() -> Finding:
    def ask() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")

    return _timed(ask)


@gives_back
def migrations() -> Finding:
    missing = migrations_missing()
    reason = "run `manage.py migrate`" if missing else ""
    return Finding(ok=not missing, figure=len(missing), unit="unapplied", reason=reason)


def migrations_missing() -> set[tuple[str, str]]:
    """Return the migrations, by app and name, that the database lacks."""
    return _migrations_known() - set(MigrationRecorder(connection).applied_migrations())


@cache
def _migrations_known() -> set[tuple[str, str]]:
    return set(MigrationLoader(None).disk_migrations)


def redis() -> Finding:
    return _timed(quick_redis().ping)


def process_alive(name: str) -> Finding:
    """Say whether the process called ``name`` left a sign of life lately."""
    seen = heartbeat_read(name)
    if seen is None:
        return Finding(ok=False, unit="s", reason="no sign of life in the last hour")
    late = seen.age_s > LIMITS_S[name]
    reason = f"silent for more than {LIMITS_S[name]:g} s" if late else ""
    return Finding(ok=not late, figure=round(seen.age_s, 1), unit="s", reason=reason)


@gives_back
def relay_lag() -> Finding:
    lag_s = outbox_lag_s(now=clock.now())
    late = lag_s > LAG_LIMIT_S
    reason = f"a message waits for more than {LAG_LIMIT_S:g} s" if late else ""
    return Finding(ok=not late, figure=round(lag_s, 3), unit="s", reason=reason)


def _timed(ask: Callable[[], object]) -> Finding:
    start = time.perf_counter()
    ask()
    return Finding(ok=True, figure=round((time.perf_counter() - start) * 1000, 2), unit="ms")
