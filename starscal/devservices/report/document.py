"""Write a report as a document for programs."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from starscal.devservices.report.gather import Report


def report_document(report: Report) -> dict[str, Any]:
    """Return everything as JSON takes it."""
    return {
        "memory_mib": {
            "total": round(sum(row.pss_mib for row in report.memory), 1),
            "processes": [asdict(row) for row in report.memory],
        },
        "web": [
            {"url": each.url, "answers": not each.silence, "silence": each.silence}
            for each in report.web
        ],
        "latency_ms": {
            name: None if at == float("inf") else at for name, at in report.latency_ms.items()
        },
        "requests": int(report.total("starscal_http_requests_total")),
        "server_errors": int(report.total("starscal_http_requests_total", status="5xx")),
        "lists": {
            how: int(report.total("starscal_list_answers_total", how=how))
            for how in ("kept", "made")
        },
        "sockets": int(report.total("starscal_live_sockets")),
        "deliveries": int(report.total("starscal_live_deliveries_total")),
        "pools": report.pools(),
        "sign_ins_last_hour": _sign_ins(report),
        "telegram_calls_per_minute": report.telegram_per_minute,
        "languages": report.languages,
        "checks": report.checks,
        "relay_lag_s": report.relay_lag_s,
    }


def _sign_ins(report: Report) -> dict[str, Any] | None:
    found = report.sign_ins
    return None if found is None else {**asdict(found), "rate": found.rate}
