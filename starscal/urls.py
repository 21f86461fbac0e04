from __future__ import annotations

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path, register_converter

from accounts.api.jwks import JwksView
from starscal.core import views as operations
from starscal.core.api.views import socket_here
from starscal.core.language_tags import LanguageTagConverter
from telegram_link.webhook import webhook

register_converter(LanguageTagConverter, "language_tag")

handler400 = "starscal.core.api.handlers.bad_request"
handler403 = "starscal.core.api.handlers.permission_denied"
handler404 = "starscal.core.api.handlers.page_not_found"
handler500 = "starscal.core.api.handlers.server_error"

urlpatterns: list[URLPattern | URLResolver] = [
    path("livez", operations.livez, name="livez"),
    path("readyz", operations.readyz, name="readyz"),
    path("metrics", operations.metrics_text, name="metrics"),
    path(".well-known/jwks.json", JwksView.as_view(), name="jwks"),
    path("admin/", admin.site.urls),
    path("ws/v1/live", socket_here, name="socket"),
    path("telegram/webhook", webhook, name="telegram-webhook"),
    path("api/v1/", include("accounts.api.urls")),
    path("api/v1/", include("events.api.urls")),
    path("api/v1/", include("astronomy.api.urls")),
    path("api/v1/", include("telegram_link.api.urls")),
    # The last one under /api/: it answers every other address there with a problem document.
    path("api/", include("starscal.core.api.urls")),
    path("<language_tag:language>/account/", include("accounts.pages.urls")),
    path("<language_tag:language>/telegram/", include("telegram_link.pages.urls")),
    path("", include("events.urls")),
]
