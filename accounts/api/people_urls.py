from __future__ import annotations

from django.urls import URLPattern, path

from accounts.api import people

urlpatterns: list[URLPattern] = [
    path("register", people.RegisterView.as_view(), name="auth-register"),
    path("verify", people.VerifyView.as_view(), name="auth-verify"),
    path("password/change", people.PasswordChangeView.as_view(), name="auth-password-change"),
    path("password/reset", people.ResetView.as_view(), name="auth-password-reset"),
    path(
        "password/reset/confirm",
        people.ResetConfirmView.as_view(),
        name="auth-password-reset-confirm",
    ),
    path("email/confirm", people.EmailConfirmView.as_view(), name="auth-email-confirm"),
    path("deactivate", people.DeactivateView.as_view(), name="auth-deactivate"),
    path("return", people.ReturnView.as_view(), name="auth-return"),
    path("keep", people.KeepView.as_view(), name="auth-keep"),
]
