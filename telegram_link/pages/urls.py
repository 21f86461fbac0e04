"""The pages of Telegram under /<language>/telegram/."""

from __future__ import annotations

from django.urls import path

from telegram_link.pages import link_views, sign_in_views

app_name = "telegram"
urlpatterns = [
    path("", link_views.link, name="link"),
    path("begin/", link_views.begin, name="begin"),
    path("confirm/", link_views.confirm, name="confirm"),
    path("cancel/", link_views.cancel, name="cancel"),
    path("unlink/", link_views.unlink, name="unlink"),
    path("state/", link_views.state, name="state"),
    path("sign-in/", sign_in_views.sign_in, name="sign-in"),
    path("sign-in/begin/", sign_in_views.begin, name="sign-in-begin"),
]
