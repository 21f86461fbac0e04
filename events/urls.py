"""Addresses of the pages; the first part names the language."""

from __future__ import annotations

from django.urls import path, register_converter

from events import views


class LanguageTagConverter:
    """Match what looks like a language tag: ``en``, ``pt-br``, ``zh_Hans``."""

    regex = r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,3}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(LanguageTagConverter, "language_tag")

app_name = "pages"
urlpatterns = [
    path("", views.home_redirect, name="root"),
    path("<language_tag:language>/", views.home, name="home"),
    path("<language_tag:language>/events/<slug:reference>/", views.event_page, name="event"),
]
