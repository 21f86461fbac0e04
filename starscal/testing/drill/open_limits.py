"""Saboteurs of the limits: what frameworks do by themselves."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from rest_framework.throttling import AnonRateThrottle

from starscal.core.limits import API_ANONYMOUS


class StockThrottle(AnonRateThrottle):
    """The framework's own throttle at our rate: reads, counts, writes."""

    def get_rate(self) -> str:
        """Return the rate of the settings, as the framework writes it."""
        return f"{API_ANONYMOUS.current.capacity}/min"


@contextmanager
def framework_throttle() -> Iterator[None]:
    """Let the framework's throttle do the counting."""

    def allow_request(_self: Any, request: Any, view: Any) -> bool:
        return StockThrottle().allow_request(request, view)

    where = "starscal.core.api.throttling.BucketThrottle.allow_request"
    with patch(where, allow_request):
        yield


@contextmanager
def headers_believed() -> Iterator[None]:
    """Believe every peer that says for whom it asks."""
    with patch("starscal.core.addresses.is_trusted", lambda _address: True):
        yield
