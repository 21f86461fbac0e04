from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from pytest_django import Settings

from starscal.core import health
from starscal.core.health import Finding, health_register, health_unregister
from starscal.core.health_checks import LIMITS_S, process_alive
from starscal.core.heartbeat import KEPT_S, PROCESSES, heartbeat, heartbeat_read
from starscal.core.redis_client import quick_redis, redis_key

KERNEL_CHECKS = {"database", "migrations", "redis", "worker", "beat", "relay", "relay_lag"}


@pytest.fixture(autouse=True)
def asked_anew(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(health, "FRESH_S", 0.0)
    monkeypatch.setattr(health, "DEADLINE_S", 30.0)  # a busy machine is no fault of the service
    yield
    health_unregister("test")
    for name in PROCESSES:
        quick_redis().delete(redis_key(f"health:{name}"))


@pytest.fixture
def processes_alive() -> None:
    for name in PROCESSES:
        heartbeat(name)


@pytest.mark.django_db(transaction=True)
def test_ready_when_every_check_holds(
    client: Client, processes_alive: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = {name: probe for name, probe in health._PROBES.items() if name != "hub"}
    monkeypatch.setattr(health, "_PROBES", own)  # a hub lives only in a server that pushes
    answer = client.get("/readyz")
    body = answer.json()
    assert answer.status_code == 200, body
    assert body["status"] == "ok"
    assert set(body["checks"]) >= KERNEL_CHECKS | {"kernel"}
    assert all(check["figure"] is not None for check in body["checks"].values())
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", PROCESSES)
def test_a_silent_process_is_named(client: Client, processes_alive: None, name: str) -> None:
    quick_redis().delete(redis_key(f"health:{name}"))
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"][name]["status"] == "failing"
    assert answer.json()["checks"][name]["reason"] == "no sign of life in the last hour"


@pytest.mark.parametrize("name", PROCESSES)
def test_a_process_silent_for_too_long_fails(processes_alive: None, name: str) -> None:
    assert process_alive(name).ok
    quick_redis().expire(redis_key(f"health:{name}"), int(KEPT_S - LIMITS_S[name] - 2))
    found = process_alive(name)
    assert not found.ok
    assert found.figure is not None
    assert found.figure > LIMITS_S[name]


@pytest.mark.django_db(transaction=True)
def test_a_migration_that_was_not_applied_is_counted(client: Client) -> None:
    recorder = MigrationRecorder(connection)
    recorder.record_unapplied("core", "0001_initial")
    try:
        check = client.get("/readyz").json()["checks"]["migrations"]
    finally:
        recorder.record_applied("core", "0001_initial")
    assert check == {
        "status": "failing",
        "figure": 1,
        "unit": "unapplied",
        "reason": "run `manage.py migrate`",
    }


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_check_that_hangs_keeps_nobody_waiting_and_is_not_started_twice(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "DEADLINE_S", 1.0)
    release, runs = threading.Event(), []

    def hang() -> Finding:
        runs.append(1)
        release.wait(60)
        return Finding(ok=True)

    health_register("test", hang)
    try:
        for _ in range(3):
            start = time.monotonic()
            check = client.get("/readyz").json()["checks"]["test"]
            assert time.monotonic() - start < 20.0
            assert check["reason"] == "no answer within 1 s"
        assert len(runs) == 1
    finally:
        release.set()


@pytest.mark.django_db(transaction=True)
def test_a_check_that_raises_tells_its_kind_and_no_secret(client: Client) -> None:
    def broken() -> Finding:
        raise ConnectionError("password=hunter2 host=db.internal")

    health_register("test", broken)
    answer = client.get("/readyz")
    assert answer.json()["checks"]["test"]["reason"] == "failed with ConnectionError"
    assert b"hunter2" not in answer.content


def test_a_flood_of_questions_costs_one_round(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "FRESH_S", 60.0)
    runs: list[int] = []

    def check() -> Finding:
        runs.append(1)
        return Finding(ok=True)

    probe = health.Probe("test", check)
    for _ in range(20):
        probe.begin()
        assert probe.result(time.monotonic() + 5).ok
    assert len(runs) == 1


def test_a_process_outlives_a_missing_redis(settings: Settings) -> None:
    settings.REDIS_URL = "unix:///nowhere/redis.sock"
    quick_redis.cache_clear()
    try:
        heartbeat("test")
    finally:
        quick_redis.cache_clear()


def test_an_unknown_process_was_never_seen() -> None:
    assert heartbeat_read("never") is None


def test_alive_asks_neither_host_name_nor_database(client: Client) -> None:
    answer = client.get("/livez", headers={"Host": "203.0.113.5"})
    assert (answer.status_code, answer.content) == (200, b"ok\n")
    assert answer.headers["Cache-Control"] == "no-store"
