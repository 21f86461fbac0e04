"""Addresses of the pages; the first part names the language."""

from __future__ import annotations

from django.urls import path

from events import views

app_name = "pages"
urlpatterns = [
    path("", views.home_redirect, name="root"),
    path("media/events/<str:name>", views.event_image, name="image"),
    path("<language_tag:language>/", views.home, name="home"),
    path("<language_tag:language>/events/<slug:reference>/", views.event_page, name="event"),
]
