from __future__ import annotations

from django.urls import URLPattern, path

from accounts.api import auth_views as views

urlpatterns: list[URLPattern] = [
    path("token", views.TokenView.as_view(), name="auth-token"),
    path("refresh", views.RefreshView.as_view(), name="auth-refresh"),
    path("logout", views.LogoutView.as_view(), name="auth-logout"),
    path("logout-all", views.LogoutAllView.as_view(), name="auth-logout-all"),
    path("sessions", views.SessionListView.as_view(), name="auth-sessions"),
    path("sessions/<uuid:session_id>", views.SessionView.as_view(), name="auth-session"),
    path("ws-ticket", views.TicketView.as_view(), name="auth-ws-ticket"),
]
