"""Say in readiness whether the kernel can be read."""

from __future__ import annotations

import time

from astronomy.provider import ephemeris
from starscal.core.health import Finding, health_register


def register() -> None:
    health_register("kernel", kernel)


def kernel() -> Finding:
    """Read one position, the Earth's on 2000-01-01, from the kernel this process opened."""
    start = time.perf_counter()
    segment = ephemeris().kernel.segments[0].spk_segment
    segment.compute(2_451_545.0)
    return Finding(ok=True, figure=round((time.perf_counter() - start) * 1000, 2), unit="ms")
