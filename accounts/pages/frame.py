"""What the pages of an account share: language, caching, who may see them, and their frame."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import wraps
from typing import Any, TypedDict
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.functional import Promise
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters

from accounts.models import User
from accounts.pages.additions import tabs_added
from accounts.pages.forms import PageForm
from starscal.core.exceptions import ApplicationError, ErrorCode
from starscal.core.formats import minute_text
from starscal.core.pages import language_page, localized_page

View = Callable[..., HttpResponse]
NEXT = "next"
TABS: tuple[tuple[str, str | Promise], ...] = (
    ("profile", gettext_lazy("Profile")),
    ("preferences", gettext_lazy("Preferences")),
    ("password", gettext_lazy("Password")),
    ("email", gettext_lazy("E-mail address")),
    ("sessions", gettext_lazy("Sessions")),
    ("keys", gettext_lazy("API keys")),
    ("data", gettext_lazy("Your data")),
)


class Link(TypedDict):
    """A way on from a page."""

    path: str
    label: str


class Tab(Link):
    """One part of the account."""

    current: bool


def account_page(view: View) -> View:
    """Serve a page that belongs to one person: never kept by anybody, nothing told to others.

    The referrer stays within the site, because addresses of links from mail hold a secret.
    """

    @wraps(view)
    def served(request: HttpRequest, language: str, **parts: Any) -> HttpResponse:
        response = localized_page(sensitive_post_parameters()(view))(
            request, language=language, **parts
        )
        patch_cache_control(response, private=True, no_store=True)
        response.headers["Referrer-Policy"] = "same-origin"
        return response

    return served


def own_page(view: View) -> View:
    """Serve a page to whoever is signed in, and send all others to sign in first."""

    @wraps(view)
    def gated(request: HttpRequest, language: str, **parts: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return HttpResponseRedirect(sign_in_path(request, language))
        return view(request, language=language, **parts)

    return account_page(gated)


def page_path(name: str, language: str, *args: Any) -> str:
    return reverse(f"account:{name}", args=[language, *args])


def sign_in_path(request: HttpRequest, language: str) -> str:
    """Return where to sign in, and the way back if the page can be loaded again."""
    path = page_path("sign-in", language)
    if request.method not in {"GET", "HEAD"}:
        return path
    query = QueryDict(mutable=True)
    query[NEXT] = request.get_full_path()
    return f"{path}?{query.urlencode(safe='/')}"


def next_path(request: HttpRequest, language: str) -> str:
    """Return where to go after signing in: a page of this site, else the account."""
    wanted = request.POST.get(NEXT) or request.GET.get(NEXT, "")
    is_ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if is_ours and wanted.startswith("/") else page_path("home", language)


def framed(
    request: HttpRequest,
    template: str,
    language: str,
    heading: str,
    *,
    tab: str = "",
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    """Render a page inside its frame; ``tab`` is the part of the account that it shows.

    ``template`` is one of ours, or the path of another app's.
    """
    form = context.get("form")
    headers: Mapping[str, str] = {}
    if isinstance(form, PageForm) and form.errors:
        form.lead_to_error()
        status, headers = form.status, form.headers
    tail = request.get_full_path().split("/", 2)[2]
    frame = {
        "page": language_page(language, tail),
        "heading": heading,
        "tabs": tabs(language, tab) if tab else [],
        "person": person_text(request.user) if isinstance(request.user, User) else "",
    }
    path = template if "/" in template else f"accounts/{template}.html"
    response = render(request, path, {**frame, **context}, status=status)
    for name, value in headers.items():
        response.headers[name] = value
    return response


def tabs(language: str, current: str) -> list[Tab]:
    """Return the parts of the account; those of other apps stand before the data, the last one."""
    own: list[Tab] = [
        {"path": page_path(name, language), "label": str(label), "current": name == current}
        for name, label in TABS
    ]
    added: list[Tab] = [
        {
            "path": tab.path(language),
            "label": str(tab.label),
            "current": tab.name == current,
        }
        for tab in tabs_added()
    ]
    return [*own[:-1], *added, own[-1]]


def link(name: str, language: str, label: str) -> Link:
    return {"path": page_path(name, language), "label": label}


def person_text(user: User) -> str:
    return user.display_name or user.username


def own(request: HttpRequest) -> User:
    """Return the user of a page that only somebody signed in sees."""
    user = request.user
    if not isinstance(user, User):
        raise ApplicationError(ErrorCode.AUTH_MISSING, gettext_lazy("Sign in first."))
    return user


def moment_text(at: datetime | None, user: User) -> str:
    """Write a moment in the user's own zone, or a dash where there is none."""
    return minute_text(at.astimezone(ZoneInfo(user.timezone or "UTC"))) if at else "—"


def zone_text(user: User) -> str:
    if not user.timezone:
        return _("Times are shown in UTC.")
    return _("Times are shown in your time zone, %(zone)s.") % {"zone": user.timezone}
