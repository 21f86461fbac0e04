"""The API of accounts under /api/v1/."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("auth/", include("accounts.api.auth_urls")),
    path("auth/", include("accounts.api.people_urls")),
    path("me", include("accounts.api.me_urls")),
    path("keys", include("accounts.api.key_urls")),
]
