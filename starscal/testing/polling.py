"""What tests of apps wait with, which reach no further up than here."""

from __future__ import annotations

from starscal.devservices.waiting import poll

__all__ = ["poll"]
