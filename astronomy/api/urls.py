from __future__ import annotations

from django.urls import path

from astronomy.api import calendars, local, positions

urlpatterns = [
    path("sky/positions", positions.PositionsView.as_view(), name="sky-positions"),
    path("sky/state", positions.StateView.as_view(), name="sky-state"),
    path("sky/segments", positions.SegmentsView.as_view(), name="sky-segments"),
    path("sky/rise-set", local.RiseSetView.as_view(), name="sky-rise-set"),
    path("sky/sun", local.SunView.as_view(), name="sky-sun"),
    path("sky/moon", local.MoonView.as_view(), name="sky-moon"),
    path("sky/calendars/chinese", calendars.ChineseView.as_view(), name="sky-chinese"),
    path("sky/calendars/hindu", calendars.HinduView.as_view(), name="sky-hindu"),
    path("sky/calendars/armenian", calendars.ArmenianView.as_view(), name="sky-armenian"),
    path("sky/calendars/christian", calendars.ChristianView.as_view(), name="sky-christian"),
]
