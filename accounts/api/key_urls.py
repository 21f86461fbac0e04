from __future__ import annotations

from django.urls import URLPattern, path

from accounts.api import key_views as views

urlpatterns: list[URLPattern] = [
    path("", views.KeyListView.as_view(), name="keys"),
    path("/<uuid:key_id>", views.KeyView.as_view(), name="key"),
]
