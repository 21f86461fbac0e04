"""The pages of an account under /<language>/account/."""

from __future__ import annotations

from django.urls import path

from accounts.pages import access_views, entry_views, link_views, own_views

app_name = "account"
urlpatterns = [
    path("", own_views.home, name="home"),
    path("sign-in/", entry_views.sign_in, name="sign-in"),
    path("sign-out/", entry_views.sign_out, name="sign-out"),
    path("register/", entry_views.register, name="register"),
    path("forgotten/", entry_views.forgotten, name="forgotten"),
    path("letter-sent/", entry_views.letter_sent, name="letter-sent"),
    path("verify/<str:token>/", link_views.verify, name="verify"),
    path("reset/<str:token>/", link_views.reset, name="reset"),
    path("keep/<str:token>/", link_views.keep, name="keep"),
    path("return/<str:token>/", link_views.come_back, name="return"),
    path("profile/", own_views.profile, name="profile"),
    path("preferences/", own_views.preferences, name="preferences"),
    path("password/", own_views.password, name="password"),
    path("data/", own_views.data, name="data"),
    path("export/", own_views.export, name="export"),
    path("deactivate/", own_views.deactivate, name="deactivate"),
    path("delete/", own_views.delete, name="delete"),
    path("email/", own_views.email, name="email"),
    path("email/<str:token>/", link_views.email, name="email-confirm"),
    path("sessions/", access_views.sessions, name="sessions"),
    path("sessions/end/", access_views.sessions_end, name="sessions-end"),
    path("sessions/<uuid:session_id>/end/", access_views.session_end, name="session-end"),
    path("keys/", access_views.keys, name="keys"),
    path("keys/<uuid:key_id>/revoke/", access_views.key_revoke, name="key-revoke"),
]
