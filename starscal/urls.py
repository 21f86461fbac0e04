from __future__ import annotations

from django.contrib import admin
from django.urls import URLPattern, URLResolver, path

from starscal.core import views as operations

urlpatterns: list[URLPattern | URLResolver] = [
    path("livez", operations.livez, name="livez"),
    path("readyz", operations.readyz, name="readyz"),
    path("metrics", operations.metrics_text, name="metrics"),
    path("admin/", admin.site.urls),
]
