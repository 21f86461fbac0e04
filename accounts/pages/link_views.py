"""Pages that links in letters lead to; each asks for a button, for programs open links, too."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.links import Purpose, link_read
from accounts.pages.entry_views import form_page
from accounts.pages.forms import EmptyForm, NewPasswordForm, PageForm
from accounts.pages.frame import account_page, framed, link, page_path
from accounts.services.activation import user_return
from accounts.services.deletion import user_keep
from accounts.services.email_change import email_change_confirm
from accounts.services.passwords import password_reset
from accounts.services.verification import registration_verify
from starscal.core.exceptions import ApplicationError, ErrorCode


@dataclass(frozen=True, slots=True)
class LinkPage:
    """The words of a page that a link leads to."""

    heading: str | Promise
    lead: str | Promise
    button: str | Promise
    done: str | Promise


VERIFY = LinkPage(
    gettext_lazy("Confirm your address"),
    gettext_lazy("One click, and your account is ready."),
    gettext_lazy("Confirm"),
    gettext_lazy("Your account is ready. Sign in."),
)
RESET = LinkPage(
    gettext_lazy("Choose a new password"),
    gettext_lazy("Every browser and application that is signed in now will have to sign in again."),
    gettext_lazy("Save"),
    gettext_lazy("Your new password is saved. Sign in."),
)
KEEP = LinkPage(
    gettext_lazy("Keep your account"),
    gettext_lazy("It will not be deleted, and everything stays as it was."),
    gettext_lazy("Keep your account"),
    gettext_lazy("Your account stays. Sign in."),
)
RETURN = LinkPage(
    gettext_lazy("Activate your account again"),
    gettext_lazy("Everything is as you left it."),
    gettext_lazy("Activate"),
    gettext_lazy("Your account is active again. Sign in."),
)

EMAIL = LinkPage(
    gettext_lazy("Confirm your address"),
    gettext_lazy(
        "One click, and your account has this address. Everything else that is signed in is "
        "signed out."
    ),
    gettext_lazy("Confirm"),
    gettext_lazy("Your account has the new address."),
)


@form_page
@account_page
def verify(request: HttpRequest, language: str, token: str) -> HttpResponse:
    form = EmptyForm(request.POST if request.method == "POST" else None)
    check = partial(link_read, Purpose.VERIFY, token)
    action = partial(registration_verify, token=token)
    return answer(request, language, VERIFY, form, action, check)


@form_page
@account_page
def reset(request: HttpRequest, language: str, token: str) -> HttpResponse:
    form = NewPasswordForm(request.POST if request.method == "POST" else None)
    check = partial(link_read, Purpose.RESET, token)
    return answer(
        request,
        language,
        RESET,
        form,
        lambda: password_reset(token=token, new=form.cleaned_data["new_password"]),
        check,
    )


@form_page
@account_page
def keep(request: HttpRequest, language: str, token: str) -> HttpResponse:
    form = EmptyForm(request.POST if request.method == "POST" else None)
    check = partial(link_read, Purpose.KEEP, token)
    return answer(request, language, KEEP, form, partial(user_keep, token=token), check)


@form_page
@account_page
def come_back(request: HttpRequest, language: str, token: str) -> HttpResponse:
    form = EmptyForm(request.POST if request.method == "POST" else None)
    check = partial(link_read, Purpose.RETURN, token)
    return answer(request, language, RETURN, form, partial(user_return, token=token), check)


@form_page
@account_page
def email(request: HttpRequest, language: str, token: str) -> HttpResponse:
    form = EmptyForm(request.POST if request.method == "POST" else None)
    check = partial(link_read, Purpose.EMAIL, token)
    return answer(request, language, EMAIL, form, lambda: move(request, token), check)


def move(request: HttpRequest, token: str) -> None:
    """Give the account its new address, and sign its owner's own browser in anew."""
    signed_in = request.user.pk  # read before all sessions end
    user = email_change_confirm(token=token)
    if signed_in == user.pk:
        login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])


def answer(
    request: HttpRequest,
    language: str,
    words: LinkPage,
    form: PageForm,
    action: Callable[[], object],
    check: Callable[[], object],
) -> HttpResponse:
    """Do what the link is for when its button was pressed, then lead to signing in.

    ``check`` refuses a link that is too old or not ours before anybody fills in the page.
    """
    try:
        check()
        if form.succeeded(action):
            messages.success(request, str(words.done))
            return HttpResponseRedirect(page_path("sign-in", language))
    except ApplicationError as error:
        if error.code != ErrorCode.LINK_INVALID:
            raise
        return outworn(request, language, error)
    return framed(
        request,
        "form",
        language,
        str(words.heading),
        form=form,
        lead=words.lead,
        button=words.button,
    )


def outworn(request: HttpRequest, language: str, error: ApplicationError) -> HttpResponse:
    """Say that a link was used or is too old, and where to ask for another."""
    links = [
        link("sign-in", language, _("Sign in")),
        link("register", language, _("Create an account")),
        link("forgotten", language, _("Forgotten your password?")),
    ]
    heading = _("Link not valid")
    return framed(
        request, "notice", language, heading, lead=error.message, links=links, status=error.status
    )
