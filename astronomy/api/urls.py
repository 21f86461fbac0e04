from __future__ import annotations

from django.urls import path

from astronomy.api import local

urlpatterns = [
    path("sky/rise-set", local.RiseSetView.as_view(), name="sky-rise-set"),
    path("sky/sun", local.SunView.as_view(), name="sky-sun"),
    path("sky/moon", local.MoonView.as_view(), name="sky-moon"),
]
