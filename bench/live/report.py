"""The table, the JSON file and the chart."""

from __future__ import annotations

from bench.live.measure import Measured


def row(each: Measured) -> str:
    """Write one run in one line."""
    return (
        f"{each.peer:13} {each.delivered_per_s:9,.0f}/s {each.cpu_ms:7.2f} ms/1000 "
        f"(by the clock {each.open_cpu_ms:.2f}) p50 {each.p50_ms:.1f} p95 {each.p95_ms:.1f} "
        f"p99 {each.p99_ms:.1f} ms, lost {each.lost}, doubled {each.doubled}, disordered "
        f"{each.disordered}, closed {each.closed}, {each.bytes:.0f} B, window {each.window}, "
        f"busy {each.server_busy:.0%} and {each.client_busy:.0%}, ready {each.ready_s:.1f} s, "
        f"load {each.load:.1f}"
    )


def written(measured: list[Measured], *, whole: bool) -> str:
    return ""
