from __future__ import annotations

from django.urls import URLPattern, path

from accounts.api.me import ExportView, MeView

urlpatterns: list[URLPattern] = [
    path("", MeView.as_view(), name="me"),
    path("/export", ExportView.as_view(), name="me-export"),
]
