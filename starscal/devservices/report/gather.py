"""Gather what one screen shows of a running installation."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from django.db import DatabaseError
from django.db.models import Count

from starscal.core import clock
from starscal.core.models import AuditEntry
from starscal.devservices.report.memory import ProcessMemory, memory_of
from starscal.devservices.report.scrape import WebProcess, quantile_s, web_process
from telegram_link.watch import TELEGRAM_SEEN

OPENED: Final = ("session.open",)
REFUSED: Final = ("login.failure", "session.refuse")
STARTED: Final = "starscal_started_at_seconds"
WEB: Final = "web"  # as a web process calls itself among the figures
TELEGRAM_CALLS: Final = "starscal_telegram_calls_total"
LAST_HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True)
class SignIns:
    """How often people got in during the last hour, by the audit trail."""

    opened: int
    refused: int

    @property
    def rate(self) -> float | None:
        tries = self.opened + self.refused
        return self.opened / tries if tries else None


@dataclass(frozen=True)
class Report:
    """What is known; None and empty mean that it could not be had."""

    web: list[WebProcess]
    memory: list[ProcessMemory]
    sign_ins: SignIns | None

    @property
    def answering(self) -> list[WebProcess]:
        return [process for process in self.web if not process.silence]

    def total(self, name: str, **labels: str) -> float:
        """Return a figure summed over the web processes."""
        return sum(process.total(name, **labels) for process in self.answering)

    @property
    def latency_ms(self) -> dict[str, float | None]:
        """Return quantiles of the time until an answer began, in milliseconds."""
        shares = {"p50": 0.5, "p95": 0.95, "p99": 0.99}
        found = {name: quantile_s(self.answering, share) for name, share in shares.items()}
        return {name: None if at is None else round(at * 1000, 1) for name, at in found.items()}

    @property
    def languages(self) -> dict[str, int]:
        """Return answers by language, most first."""
        found: Counter[str] = Counter()
        for process in self.answering:
            found.update(
                {
                    name: int(n)
                    for name, n in process.by("starscal_language_answers_total", "language").items()
                }
            )
        return dict(found.most_common())

    @property
    def checks(self) -> dict[str, dict[str, Any]]:
        """Return each check of readiness, as the process says that finds it worst."""
        found: dict[str, dict[str, Any]] = {}
        for process in self.answering:
            for name, check in process.checks.items():
                if name not in found or check["status"] != "ok":
                    found[name] = check
        return found

    @property
    def relay_lag_s(self) -> float | None:
        figure = self.checks.get("relay_lag", {}).get("figure")
        return None if figure is None else float(figure)

    @property
    def telegram_per_minute(self) -> float | None:
        """Return the calls of Telegram a minute since each process began; None without a bot."""
        known = [web for web in self.answering if TELEGRAM_SEEN in web.checks]
        if not known:
            return None
        # What processes without a port did travels with their heartbeats: all webs tell the same.
        rates = {
            (process, web.url if process == WEB else ""): _per_minute(web, calls, process)
            for web in known
            for process, calls in web.by(TELEGRAM_CALLS, "process").items()
        }
        return round(sum(rates.values()), 1)

    def pools(self) -> list[dict[str, Any]]:
        """Return how each web process uses its connections to PostgreSQL."""
        rows = []
        for process in self.answering:
            stats = process.by("starscal_db_pool", "stat")
            if stats:
                used = int(stats.get("pool_size", 0) - stats.get("pool_available", 0))
                rows.append(
                    {"url": process.url, "used": used, "open": int(stats.get("pool_size", 0)),
                     "most": int(stats.get("pool_max", 0)),
                     "waiting": int(stats.get("requests_waiting", 0))}
                )  # fmt: skip
        return rows


def _per_minute(web: WebProcess, count: float, process: str) -> float:
    minutes = (time.time() - web.total(STARTED, process=process)) / 60
    return count / max(minutes, 1 / 60)


def report_gather(*, urls: Sequence[str], pid: int | None, token: str = "") -> Report:
    """Ask everybody, once."""
    return Report(
        web=[web_process(url.rstrip("/"), token) for url in urls],
        memory=memory_of(pid) if pid else [],
        sign_ins=_sign_ins(),
    )


def _sign_ins() -> SignIns | None:
    since = clock.now() - LAST_HOUR
    rows = AuditEntry.objects.filter(created_at__gte=since, action__in=(*OPENED, *REFUSED))
    try:
        counts = dict(rows.values_list("action").annotate(Count("pk")).order_by())
    except DatabaseError:
        return None
    return SignIns(
        opened=sum(counts.get(action, 0) for action in OPENED),
        refused=sum(counts.get(action, 0) for action in REFUSED),
    )
