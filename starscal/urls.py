from __future__ import annotations

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

handler400 = "starscal.error_pages.bad_request"
handler403 = "starscal.error_pages.permission_denied"
handler404 = "starscal.error_pages.page_not_found"
handler500 = "starscal.error_pages.server_error"

urlpatterns: list[URLPattern | URLResolver] = [
    path("admin/", admin.site.urls),
    path("", include("events.urls")),
]
