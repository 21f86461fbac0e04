from __future__ import annotations

from django.urls import path

from astronomy.api import positions

urlpatterns = [
    path("sky/positions", positions.PositionsView.as_view(), name="sky-positions"),
    path("sky/state", positions.StateView.as_view(), name="sky-state"),
    path("sky/segments", positions.SegmentsView.as_view(), name="sky-segments"),
]
