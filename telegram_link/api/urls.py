"""The API of Telegram under /api/v1/."""

from __future__ import annotations

from django.urls import path

from telegram_link.api import views

urlpatterns = [
    path("me/telegram", views.TelegramView.as_view(), name="me-telegram"),
    path("me/telegram/links", views.LinkListView.as_view(), name="me-telegram-links"),
    path("me/telegram/links/<uuid:link_id>", views.LinkView.as_view(), name="me-telegram-link"),
    path(
        "me/telegram/links/<uuid:link_id>/confirm",
        views.ConfirmView.as_view(),
        name="me-telegram-link-confirm",
    ),
    path("auth/telegram", views.SignInView.as_view(), name="auth-telegram"),
    path("auth/telegram/<uuid:token_id>", views.CodeView.as_view(), name="auth-telegram-code"),
]
