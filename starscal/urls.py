from __future__ import annotations

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

handler400 = "starscal.core.api.handlers.bad_request"
handler403 = "starscal.core.api.handlers.permission_denied"
handler404 = "starscal.core.api.handlers.page_not_found"
handler500 = "starscal.core.api.handlers.server_error"

urlpatterns: list[URLPattern | URLResolver] = [
    path("admin/", admin.site.urls),
    path("api/v1/", include("events.api.urls")),
    # The last one under /api/: it answers every other address there with a problem document.
    path("api/", include("starscal.core.api.urls")),
    path("", include("events.urls")),
]
