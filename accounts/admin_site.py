"""The site of the admin: nobody comes in on a password alone."""

from __future__ import annotations

from collections.abc import Callable
from functools import update_wrapper
from typing import Any

from django.conf import settings
from django.contrib.admin import AdminSite
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect

from accounts import admin_second_factor as pages
from accounts.browsers import browser_session_id
from accounts.login_guard import confirm_guard, confirm_passed
from accounts.services.administration import user_password_record
from starscal.core.audit import login_failure_record, login_record

SECOND_FACTOR = "admin:second_factor"


class RecordingAuthenticationForm(AdminAuthenticationForm):
    """Put those into the audit trail who have a password, but not one of staff."""

    def confirm_login_allowed(self, user: Any) -> None:
        try:
            super().confirm_login_allowed(user)
        except ValidationError:
            login_failure_record(name="", surface="admin", reason="not_staff", user=str(user.pk))
            raise


class GuardedAdminSite(AdminSite):
    """Every page asks for a signed-in member of staff with a passed second factor.

    The only doors without it: signing in, signing out, and the second factor's own pages, which
    ask for the first.
    """

    login_form = RecordingAuthenticationForm

    def has_permission(self, request: HttpRequest) -> bool:
        return super().has_permission(request) and not factor_missing(request)

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        guarded = super().admin_view(view, cacheable)

        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            if self.first_factor_passed(request) and factor_missing(request):
                return to_second_factor(request.get_full_path())
            return guarded(request, *args, **kwargs)

        return update_wrapper(inner, guarded)

    def get_urls(self) -> list[URLPattern | URLResolver]:
        own: list[URLPattern | URLResolver] = [
            path("logout/", self.logout, name="logout"),  # also for those who cannot go on
            path("second-factor/", self.half_open(pages.check), name="second_factor"),
            path("second-factor/device/", self.half_open(pages.enrol), name="second_factor_device"),
            path("second-factor/codes/", self.half_open(pages.renew), name="second_factor_codes"),
        ]
        return own + super().get_urls()

    def half_open(self, view: pages.View) -> Callable[[HttpRequest], HttpResponse]:
        """Return a view for those who signed in as staff and may lack the second factor."""

        def inner(request: HttpRequest) -> HttpResponse:
            if not self.first_factor_passed(request):
                return HttpResponseRedirect(reverse("admin:login"))
            request.current_app = self.name
            return view(self, request)

        return update_wrapper(never_cache(csrf_protect(inner)), view)

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if (
            request.method == "GET"
            and self.first_factor_passed(request)
            and factor_missing(request)
        ):
            return to_second_factor(request.GET.get(REDIRECT_FIELD_NAME, ""))
        answer: HttpResponse = super().login(request, extra_context)
        if request.method == "POST" and answer.status_code == 302:
            login_record(user_id=str(request.user.pk), surface="admin", method="password")
        return answer

    @transaction.atomic
    def password_change(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> Any:
        """End every session of whoever changes the own password, this one included.

        In one transaction, so that no session outlives the password it began with. Each try counts:
        the form asks for the present password. Errors: rate.limited.
        """
        if request.method != "POST":
            return super().password_change(request, extra_context)
        user, session_id = pages.staff_of(request), browser_session_id(request)
        confirm_guard(user_id=user.pk, session_id=session_id)
        answer: HttpResponse = super().password_change(request, extra_context)
        if answer.status_code == 302:
            confirm_passed(user_id=user.pk, session_id=session_id)
            user_password_record(actor=user, user=user)
        return answer

    def first_factor_passed(self, request: HttpRequest) -> bool:
        return super().has_permission(request)


def factor_missing(request: HttpRequest) -> bool:
    """Say whether this session still owes the second factor."""
    return settings.ADMIN_SECOND_FACTOR_REQUIRED and not pages.is_verified(request)


def to_second_factor(next_page: str) -> HttpResponseRedirect:
    query = urlencode({REDIRECT_FIELD_NAME: next_page}) if next_page else ""
    return HttpResponseRedirect(reverse(SECOND_FACTOR) + (f"?{query}" if query else ""))
