"""Write a report for a terminal: one screen, plain ASCII."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from starscal.devservices.report.gather import Report

NAME_WIDTH: Final = 12
LANGUAGES_SHOWN: Final = 10


def report_lines(report: Report) -> Iterator[str]:
    """Yield the lines of the screen."""
    yield "StarsCalendars"
    for name, lines in sections(report):
        for number, line in enumerate(lines):
            yield f"  {name if number == 0 else '':<{NAME_WIDTH}} {line}"


def sections(report: Report) -> Iterator[tuple[str, list[str]]]:
    """Yield each part with its lines."""
    yield "web", [f"{p.url}  {p.silence or 'answers'}" for p in report.web]
    yield "memory", list(_memory(report))
    yield "latency", [_latency(report)]
    yield "lists", [_lists(report)]
    yield "sockets", [_sockets(report)]
    yield "pool", [_pool(pool) for pool in report.pools()] or ["no figures"]
    yield "sign-ins", [_sign_ins(report)]
    calls = report.telegram_per_minute
    yield "Telegram", ["off" if calls is None else f"{calls:g} calls a minute"]
    told = [f"{name} {count}" for name, count in report.languages.items()][:LANGUAGES_SHOWN]
    yield "languages", ["  ".join(told) or "none yet"]
    lag = report.relay_lag_s
    yield "relay lag", ["unknown" if lag is None else f"{lag:g} s"]
    yield "health", list(_health(report)) or ["nobody answers"]


def _memory(report: Report) -> Iterable[str]:
    if not report.memory:
        yield "unknown: the processes run elsewhere"
        return
    total = sum(row.pss_mib for row in report.memory)
    yield f"{total:7.1f} MiB in all (PSS)"
    for row in report.memory:
        times = f" x {row.count}" if row.count > 1 else ""
        yield f"{row.pss_mib:7.1f} MiB {row.name}{times}"


def _latency(report: Report) -> str:
    shown = [
        f"{name} {'-' if at is None else 'over 10000' if at == float('inf') else f'{at:g}'} ms"
        for name, at in report.latency_ms.items()
    ]
    requests = int(report.total("starscal_http_requests_total"))
    errors = int(report.total("starscal_http_requests_total", status="5xx"))
    return f"{'  '.join(shown)}  of {requests} requests, {errors} of them 5xx"


def _lists(report: Report) -> str:
    kept, made = (
        int(report.total("starscal_list_answers_total", how=how)) for how in ("kept", "made")
    )
    return f"{kept} kept, {made} made"


def _sockets(report: Report) -> str:
    sockets = int(report.total("starscal_live_sockets"))
    return f"{sockets} open, {int(report.total('starscal_live_deliveries_total'))} frames delivered"


def _pool(pool: dict[str, object]) -> str:
    return "{used} of {open} open connections in use, {most} at most, {waiting} wait  {url}".format(
        **pool
    )


def _sign_ins(report: Report) -> str:
    found = report.sign_ins
    if found is None:
        return "unknown: the database does not answer"
    if found.rate is None:
        return "none in the last hour"
    return f"{found.rate:.0%} of {found.opened + found.refused} in the last hour succeeded"


def _health(report: Report) -> Iterable[str]:
    for name, check in report.checks.items():
        state = "ok" if check["status"] == "ok" else "FAILING"
        figure = "" if check["figure"] is None else f"{check['figure']:g} {check['unit']}"
        yield f"{name:<11} {state:<8} {figure:<14} {check['reason']}".rstrip()
