"""Pages of who may use the account: sessions of people, keys of servers."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.browsers import browser_session_id, device_shown
from accounts.models import ApiKey, Session, User
from accounts.pages.entry_views import form_page
from accounts.pages.forms import KeyForm
from accounts.pages.frame import framed, moment_text, own, own_page, page_path, zone_text
from accounts.selectors.api_keys import api_keys_of
from accounts.selectors.sessions import sessions_of
from accounts.services.api_keys import Scope, api_key_create, api_key_revoke
from accounts.services.sessions import session_revoke, sessions_revoke
from starscal.core import clock
from starscal.core.formats import decimal_text

SCOPES: dict[str, str | Promise] = {
    Scope.READ: gettext_lazy("Read events and the sky"),
    Scope.PROFILE_READ: gettext_lazy("Read your profile"),
}


@require_safe
@own_page
def sessions(request: HttpRequest, language: str) -> HttpResponse:
    """List where the user is signed in."""
    user = own(request)
    current = browser_session_id(request)
    rows = [session_row(row, user, current) for row in sessions_of(user=user, at=clock.now())]
    rows.sort(key=lambda row: not row["current"])  # this browser first, else as they were used
    return framed(
        request,
        "sessions",
        language,
        _("Sessions"),
        tab="sessions",
        sessions=rows,
        zone_note=zone_text(user),
    )


def session_row(session: Session, user: User, current: str) -> dict[str, Any]:
    device = device_shown(session.device) or _("Unknown device")
    return {
        "id": session.pk,
        "device": device,
        "current": str(session.pk) == current,
        "kind": session.get_kind_display(),
        "last_used_at": session.last_used_at,
        "last_used": moment_text(session.last_used_at, user),
        "created_at": session.created_at,
        "created": moment_text(session.created_at, user),
        "end_label": _("End the session of %(device)s") % {"device": device},
    }


@require_POST
@own_page
def session_end(request: HttpRequest, language: str, session_id: UUID) -> HttpResponse:
    """End one session; ending one's own signs this browser out."""
    if str(session_id) == browser_session_id(request):
        logout(request)
        return HttpResponseRedirect(page_path("sign-in", language))
    session_revoke(session_id=session_id, user=own(request), reason="ended_by_user")
    messages.success(request, _("The session has ended."))
    return HttpResponseRedirect(page_path("sessions", language))


@require_POST
@own_page
def sessions_end(request: HttpRequest, language: str) -> HttpResponse:
    """End all sessions, this one among them."""
    sessions_revoke(user=own(request), reason="ended_by_user")
    logout(request)
    messages.success(request, _("All sessions have ended. Sign in again."))
    return HttpResponseRedirect(page_path("sign-in", language))


@form_page
@own_page
def keys(request: HttpRequest, language: str) -> HttpResponse:
    """List the keys and create one, whose secret stands on the answer and nowhere else."""
    user = own(request)
    secret: list[str] = []
    form = KeyForm(request.POST or None, scopes=SCOPES)
    if form.succeeded(lambda: secret.append(new_secret(user, form))):
        form = KeyForm(scopes=SCOPES)
    rows = api_keys_of(user=user, at=clock.now())
    return framed(
        request,
        "keys",
        language,
        _("API keys"),
        tab="keys",
        form=form,
        secret="".join(secret),
        keys=[key_row(key, user) for key in rows],
        zone_note=zone_text(user),
    )


def new_secret(user: User, form: KeyForm) -> str:
    return api_key_create(user=user, **form.cleaned_data).secret


def key_row(key: ApiKey, user: User) -> dict[str, Any]:
    return {
        "id": key.pk,
        "name": key.name,
        "prefix": key.prefix,
        "scopes": [SCOPES.get(code, code) for code in key.scopes],
        "daily_quota": key.daily_quota,
        "requests": key.requests_today,  # type: ignore[attr-defined] # annotated by the selector
        "usage": _("%(used)s of %(quota)s")
        % {"used": decimal_text(key.requests_today, 0), "quota": decimal_text(key.daily_quota, 0)},  # type: ignore[attr-defined]
        "last_used": moment_text(key.last_used_at, user),
        "created": moment_text(key.created_at, user),
        "ended": key_end_text(key),
        "revoke_label": _("Revoke the key %(name)s") % {"name": key.name},
    }


def key_end_text(key: ApiKey) -> str:
    """Return why a key opens nothing any more, or nothing."""
    if key.revoked_at is not None:
        return _("revoked")
    if key.expires_at is not None and key.expires_at <= clock.now():
        return _("expired")
    return ""


@require_POST
@own_page
def key_revoke(request: HttpRequest, language: str, key_id: UUID) -> HttpResponse:
    api_key_revoke(key_id=key_id, user=own(request))
    messages.success(request, _("The key opens nothing any more."))
    return HttpResponseRedirect(page_path("keys", language))
