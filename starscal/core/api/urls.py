from __future__ import annotations

from django.urls import path, re_path

from starscal.core.api import languages, views

urlpatterns = [
    path("v1/openapi.json", views.openapi, name="openapi"),
    path("v1/docs/", views.docs, name="api-docs"),
    path("v1/i18n/languages", languages.LanguageListView.as_view(), name="languages"),
    path(
        "v1/i18n/catalog/<str:language>", languages.CatalogueView.as_view(), name="language-catalog"
    ),
    path("v1/problems", views.ProblemKindsView.as_view(), name="problem-kinds"),
    path("v1/problems/<str:code>", views.ProblemKindView.as_view(), name="problem-kind"),
    re_path(r"^(?P<rest>.*)$", views.not_found),
]
