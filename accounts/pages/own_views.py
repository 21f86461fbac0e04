"""Pages of one's own account: profile, preferences, password and data."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import orjson
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.browsers import browser_session_id
from accounts.models import User
from accounts.pages.entry_views import form_page
from accounts.pages.forms import (
    ConfirmForm,
    EmailChangeForm,
    PasswordForm,
    PreferencesForm,
    ProfileForm,
    for_user,
)
from accounts.pages.frame import framed, link, own, own_page, page_path
from accounts.services.activation import user_deactivate
from accounts.services.deletion import user_delete_request
from accounts.services.email_change import email_change_request
from accounts.services.export import user_export
from accounts.services.passwords import password_change, password_confirm
from accounts.services.profile import profile_update


@require_safe
@own_page
def home(_request: HttpRequest, language: str) -> HttpResponse:
    return HttpResponseRedirect(page_path("profile", language))


@form_page
@own_page
def profile(request: HttpRequest, language: str) -> HttpResponse:
    """Show and change the profile."""
    user = own(request)
    form = ProfileForm(request.POST or None, initial=ProfileForm.values_of(user))
    if form.succeeded(lambda: profile_update(user=user, body=form.changes())):
        return saved(request, "profile", language)
    return framed(
        request,
        "form",
        language,
        _("Profile"),
        tab="profile",
        form=form,
        lead=_("Nothing here is needed; what you give makes the calendar yours."),
        button=_("Save"),
    )


@form_page
@own_page
def preferences(request: HttpRequest, language: str) -> HttpResponse:
    """Show and change what the user wishes to see."""
    user = own(request)
    form = PreferencesForm(request.POST or None, initial=PreferencesForm.values_of(user))
    if form.succeeded(lambda: profile_update(user=user, body=form.changes(user))):
        return saved(request, "preferences", language)
    return framed(
        request,
        "form",
        language,
        _("Preferences"),
        tab="preferences",
        form=form,
        lead=_("What you want to hear of, and when. Nobody else sees this."),
        button=_("Save"),
    )


@form_page
@own_page
def password(request: HttpRequest, language: str) -> HttpResponse:
    """Change the password; every other browser and application has to sign in again."""
    user = own(request)
    form = for_user(PasswordForm(request.POST or None), user)
    if form.succeeded(lambda: change_password(request, user, form)):
        return saved(request, "password", language)
    return framed(
        request,
        "form",
        language,
        _("Password"),
        tab="password",
        form=form,
        lead=_("All other browsers and applications are signed out when it changes."),
        button=_("Save"),
    )


def change_password(request: HttpRequest, user: User, form: PasswordForm) -> None:
    """Change the password and sign this browser in anew, for it knew both."""
    given = form.cleaned_data
    changed = password_change(
        user=user,
        session_id=browser_session_id(request),
        current=given.get("current_password", ""),
        new=given["new_password"],
    )
    login(request, changed, backend=settings.AUTHENTICATION_BACKENDS[0])


@form_page
@own_page
def email(request: HttpRequest, language: str) -> HttpResponse:
    """Ask for another address; the account has it when the link of a letter is opened."""
    user = own(request)
    form = for_user(EmailChangeForm(request.POST or None), user)
    change = partial(email_change_request, user=user, session_id=browser_session_id(request))
    if form.succeeded(lambda: change(**{"password": "", **form.cleaned_data})):
        return HttpResponseRedirect(page_path("letter-sent", language))
    return framed(
        request,
        "form",
        language,
        _("E-mail address"),
        tab="email",
        form=form,
        lead=email_note(user),
        button=_("Send the link"),
    )


def email_note(user: User) -> str:
    if not user.email:
        return _("Your account has no address yet. We send a link to the one that you give.")
    return _(
        "Your account has the address %(email)s. We send a link to the new one; when you open it, "
        "the account changes over, and everything else that is signed in is signed out."
    ) % {"email": user.email}


def saved(request: HttpRequest, name: str, language: str) -> HttpResponse:
    messages.success(request, _("Saved."))
    return HttpResponseRedirect(page_path(name, language))


@require_safe
@own_page
def data(request: HttpRequest, language: str) -> HttpResponse:
    return framed(
        request,
        "data",
        language,
        _("Your data"),
        tab="data",
        deactivate_note=deactivate_note(),
        delete_note=delete_note(),
    )


def deactivate_note() -> str:
    return _("You are signed out everywhere. We send you a link with which you can come back.")


def delete_note() -> str:
    return _(
        "You are signed out everywhere at once, and after 7 days everything is deleted. Until "
        "then a link that we send you undoes it."
    )


@require_POST
@own_page
def export(request: HttpRequest, **_parts: str) -> HttpResponse:
    """Hand over everything that belongs to the user as a file."""
    return HttpResponse(
        orjson.dumps(user_export(user=own(request)), option=orjson.OPT_INDENT_2, default=str),
        content_type="application/json",
        headers={"Content-Disposition": 'attachment; filename="starscalendars.json"'},
    )


@form_page
@own_page
def deactivate(request: HttpRequest, language: str) -> HttpResponse:
    heading = _("Deactivate your account")
    return farewell(request, language, heading, deactivate_note(), user_deactivate)


@form_page
@own_page
def delete(request: HttpRequest, language: str) -> HttpResponse:
    heading = _("Delete your account")
    return farewell(request, language, heading, delete_note(), user_delete_request)


def farewell(
    request: HttpRequest, language: str, heading: str, lead: str, action: Callable[..., Any]
) -> HttpResponse:
    """Ask for the password, then do what ends the account's use."""
    user = own(request)
    form = for_user(ConfirmForm(request.POST or None), user)
    if form.succeeded(lambda: leave(request, form, action)):
        logout(request)
        return HttpResponseRedirect(page_path("letter-sent" if user.email else "sign-in", language))
    return framed(
        request,
        "form",
        language,
        heading,
        tab="data",
        form=form,
        lead=lead,
        button=heading,
        danger=True,
        links=[link("data", language, _("Back"))],
    )


def leave(request: HttpRequest, form: ConfirmForm, action: Callable[..., Any]) -> None:
    user = own(request)
    password_confirm(
        user=user,
        session_id=browser_session_id(request),
        password=form.cleaned_data.get("password", ""),
        pointer="/password",
    )
    action(user=user)
