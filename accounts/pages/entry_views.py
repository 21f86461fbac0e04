"""Pages of those who are not signed in yet: sign in, register, ask for a new password."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.guarded import password_user
from accounts.pages.additions import ways_in
from accounts.pages.forms import EmailForm, RegisterForm, SignInForm
from accounts.pages.frame import (
    NEXT,
    Link,
    account_page,
    framed,
    link,
    next_path,
    page_path,
)
from accounts.services.passwords import password_reset_request
from accounts.services.registration import user_register
from starscal.core.limits import REGISTRATION, RESET_ADDRESS
from starscal.core.ratelimit import address_key, client_address, require

form_page = require_http_methods(["GET", "HEAD", "POST"])


@form_page
@account_page
def sign_in(request: HttpRequest, language: str) -> HttpResponse:
    """Sign a browser in, and lead on to the page that asked for it."""
    if request.method != "POST" and request.user.is_authenticated:
        return HttpResponseRedirect(next_path(request, language))
    form = SignInForm(request.POST or None)
    if form.succeeded(lambda: sign_in_with(request, form)):
        return HttpResponseRedirect(next_path(request, language))
    links = [
        link("register", language, _("Create an account")),
        link("forgotten", language, _("Forgotten your password?")),
    ]
    ways = other_ways(request, language)
    return framed(
        request, "form", language, _("Sign in"), form=form, button=_("Sign in"), links=links,
        ways=ways,
    )  # fmt: skip


def other_ways(request: HttpRequest, language: str) -> list[Link]:
    """Return the ways in of other apps; the page that asked for it is not forgotten there."""
    query = f"?{request.GET.urlencode(safe='/')}" if request.GET.get(NEXT) else ""
    return [{"path": f"{way.path(language)}{query}", "label": str(way.label)} for way in ways_in()]


def sign_in_with(request: HttpRequest, form: SignInForm) -> None:
    """Open a session for the name and password of a form."""
    given = form.cleaned_data
    user = password_user(request, login=given["login"], password=given["password"], surface="web")
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])


@require_POST
@account_page
def sign_out(request: HttpRequest, language: str) -> HttpResponse:
    logout(request)
    return HttpResponseRedirect(f"/{language}/")


@form_page
@account_page
def register(request: HttpRequest, language: str) -> HttpResponse:
    """Take a registration; what happened is told by letter alone."""
    form = RegisterForm(request.POST or None)
    if form.succeeded(lambda: ask_for_account(request, form, language)):
        return HttpResponseRedirect(page_path("letter-sent", language))
    return framed(
        request,
        "form",
        language,
        _("Create an account"),
        form=form,
        lead=_("An account keeps your place, your time zone and what you want to hear of."),
        button=_("Create an account"),
        links=[link("sign-in", language, _("Sign in"))],
        ways=other_ways(request, language),
    )


def ask_for_account(request: HttpRequest, form: RegisterForm, language: str) -> None:
    require(REGISTRATION, address_key(client_address(request)))
    user_register(**form.cleaned_data, language=language)


@form_page
@account_page
def forgotten(request: HttpRequest, language: str) -> HttpResponse:
    """Have a letter sent with a link to a new password, if the address has an account."""
    form = EmailForm(request.POST or None)
    if form.succeeded(lambda: ask_for_password(request, form)):
        return HttpResponseRedirect(page_path("letter-sent", language))
    return framed(
        request,
        "form",
        language,
        _("Forgotten your password?"),
        form=form,
        lead=_("We send you a link with which you choose a new one."),
        button=_("Send the link"),
        links=[link("sign-in", language, _("Sign in"))],
    )


def ask_for_password(request: HttpRequest, form: EmailForm) -> None:
    require(RESET_ADDRESS, address_key(client_address(request)))
    password_reset_request(email=form.cleaned_data["email"])


@require_safe
@account_page
def letter_sent(request: HttpRequest, language: str) -> HttpResponse:
    """Say the same to everybody, whether the address was known or not."""
    return framed(
        request,
        "notice",
        language,
        _("Look into your mailbox"),
        lead=_("We have sent a letter to your address. Open the link in it to go on."),
        links=[link("sign-in", language, _("Sign in"))],
    )
