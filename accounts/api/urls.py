"""The API of accounts under /api/v1/."""

from __future__ import annotations

from django.urls import include, path

from accounts.api import key_views as keys
from accounts.api import schemas  # noqa: F401 - tells spectacular of our credentials
from accounts.api.me import ExportView, MeView
from accounts.api.people import EmailChangeView

urlpatterns = [
    path("auth/", include("accounts.api.auth_urls")),
    path("auth/", include("accounts.api.people_urls")),
    path("me", MeView.as_view(), name="me"),
    path("me/email", EmailChangeView.as_view(), name="me-email"),
    path("me/export", ExportView.as_view(), name="me-export"),
    path("keys", keys.KeyListView.as_view(), name="keys"),
    path("keys/<uuid:key_id>", keys.KeyView.as_view(), name="key"),
]
