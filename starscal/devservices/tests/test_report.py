"""`manage.py report`: its arithmetic, and the command against a real server."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from io import StringIO
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from accounts.services.sessions import session_open
from starscal.core.audit import login_failure_record
from starscal.devservices.layout import CHECKOUT, Layout
from starscal.devservices.ports import free_port
from starscal.devservices.report.gather import STARTED, TELEGRAM_CALLS, Report
from starscal.devservices.report.memory import memory_of
from starscal.devservices.report.scrape import Sample, WebProcess, quantile_of, quantile_s
from starscal.devservices.state import Ownership, StackNote, running_stack, write_stack
from starscal.testing.live import LiveServer

INFINITY = float("inf")


@pytest.mark.parametrize(
    ("buckets", "share", "expected"),
    [
        ({}, 0.95, None),
        ({0.1: 0, INFINITY: 0}, 0.95, None),
        ({0.1: 100, INFINITY: 100}, 0.5, 0.05),
        ({0.1: 50, 0.2: 100, INFINITY: 100}, 0.75, 0.15),
        ({0.1: 50, 0.2: 50, INFINITY: 100}, 0.95, INFINITY),
        ({0.1: 0, 0.2: 10, INFINITY: 10}, 1.0, 0.2),
    ],
)
def test_quantiles_of_a_histogram(
    buckets: dict[float, float], share: float, expected: float | None
) -> None:
    found = quantile_of(buckets, share)
    assert found == (None if expected is None else pytest.approx(expected))


def test_processes_are_added_and_probes_left_out() -> None:
    def bucket(route: str, le: str, count: float) -> Sample:
        return Sample("starscal_http_request_seconds_bucket", {"route": route, "le": le}, count)

    fast = WebProcess("a", [bucket("events", "0.1", 90), bucket("events", "+Inf", 90)])
    slow = WebProcess("b", [bucket("events", "0.1", 0), bucket("events", "+Inf", 10)])
    probe = WebProcess("c", [bucket("livez", "0.1", 0), bucket("livez", "+Inf", 900)])
    assert quantile_s([fast, slow, probe], 0.9) == pytest.approx(0.1)
    assert quantile_s([fast, slow, probe], 0.95) == INFINITY


def test_memory_is_that_of_a_process_and_its_children() -> None:
    rows = memory_of(os.getpid())
    assert sum(row.pss_mib for row in rows) > 20
    assert memory_of(2**22 + 1) == []


def test_a_note_counts_while_its_process_holds_the_servers(tmp_path: Path) -> None:
    layout = Layout(state=tmp_path)
    assert running_stack(layout) is None
    ownership = Ownership.take(layout, note="test")
    assert ownership is not None
    note = StackNote(pid=1, urls=["http://127.0.0.1:1"])
    write_stack(layout, note)
    assert layout.stack_file.stat().st_mode & 0o777 == 0o600
    assert running_stack(layout) == note
    ownership.release()
    assert running_stack(layout) is None


@pytest.mark.slow
def test_without_anything_running_it_says_so_and_starts_nothing(tmp_path: Path) -> None:
    names = ("DATABASE_URL", "REDIS_URL")
    env = {name: value for name, value in os.environ.items() if name not in names}
    done = subprocess.run(
        [sys.executable, "manage.py", "report"],
        cwd=CHECKOUT, env=env | {"STARSCAL_STATE_DIR": str(tmp_path)},
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "Nothing runs here." in done.stderr
    assert not (tmp_path / "postgres").exists()


def calls_of(process: str, count: float, minutes: float) -> list[Sample]:
    """Return what is told of the calls that a process has made since it began."""
    labels = {"process": process, "method": "sendMessage", "outcome": "ok"}
    began = Sample(STARTED, {"process": process}, time.time() - minutes * 60)
    return [began, Sample(TELEGRAM_CALLS, labels, count)]


def rate_told(checks: dict[str, Any], *webs: list[Sample]) -> float | None:
    told = [WebProcess(str(number), figures, checks) for number, figures in enumerate(webs)]
    return Report(told, memory=[], sign_ins=None).telegram_per_minute


def test_calls_of_telegram_are_counted_once_by_the_age_of_who_made_them() -> None:
    others = [*calls_of("telegram", 40, minutes=20), *calls_of("worker", 10, minutes=10)]
    webs = [[*calls_of("web", count, minutes=10), *others] for count in (30, 40)]
    checks = {"telegram": {"status": "ok"}}
    assert rate_told(checks, *webs) == pytest.approx(2 + 1 + 3 + 4, abs=0.2)


def test_a_bot_that_has_called_nobody_is_not_off() -> None:
    assert rate_told({"telegram": {"status": "failing"}}, []) == 0
    assert rate_told({}, calls_of("telegram", 40, minutes=20)) is None


@pytest.mark.django_db
def test_a_server_that_does_not_answer_is_named() -> None:
    url = f"http://127.0.0.1:{free_port()}"
    with pytest.raises(CommandError, match=f"No web server answers. {url}"):
        call_command("report", "--url", url)


@pytest.mark.slow
def test_it_shows_a_running_server(running_server: LiveServer) -> None:
    for path in ("/api/v1/events?lang=hy", "/api/v1/events?lang=hy", "/api/v1/problems"):
        assert httpx.get(running_server.url + path, timeout=60).status_code == 200
    session_open(user=User.objects.create_user("somebody"))
    for _time in range(3):
        login_failure_record(name="somebody", surface="test", reason="test")
    told, shown = StringIO(), StringIO()
    call_command("report", "--json", "--url", running_server.url, stdout=told)
    call_command("report", "--url", running_server.url, stdout=shown)
    report = json.loads(told.getvalue())
    assert report["sign_ins_last_hour"] == {"opened": 1, "refused": 3, "rate": 0.25}
    assert report["languages"]["hy"] == 2
    assert report["lists"] == {"kept": 1, "made": 1}
    assert report["latency_ms"]["p95"] > 0
    assert report["checks"]["database"]["status"] == "ok"
    assert report["checks"]["worker"]["status"] == "failing"  # none runs here
    assert report["telegram_calls_per_minute"] is None
    assert report["relay_lag_s"] is not None
    screen = shown.getvalue()
    assert "25% of 4 in the last hour succeeded" in screen
    assert "Telegram     off" in screen
    assert "FAILING" in screen
    assert len(screen.splitlines()) < 40
    assert max(map(len, screen.splitlines())) <= 120
