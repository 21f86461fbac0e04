"""The pages of the second factor: give a code, set up a device, see recovery codes once."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any, TypeAlias, cast

import django_otp
import segno
from django import forms
from django.contrib.admin import AdminSite
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
)
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.models import User
from accounts.selectors.second_factor import recovery_codes_left, second_factor_device
from accounts.services.second_factor import (
    recovery_codes_renew,
    second_factor_confirm,
    second_factor_offer,
    second_factor_verify,
)
from starscal.core.exceptions import ApplicationError

View: TypeAlias = Callable[[AdminSite, HttpRequest], HttpResponse]
WAITING = "second_factor_waiting"  # the device whose secret this browser saw
CODE_LENGTH = 40  # a recovery code with its dashes, and room for stray spaces


class CodeForm(forms.Form):
    """One code, of a device or for recovery."""

    code = forms.CharField(
        label=_("Code"),
        max_length=CODE_LENGTH,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autofocus": True, "spellcheck": "false"}
        ),
    )


def check(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """Ask for a code; show what is set up to those who gave one."""
    user = staff_of(request)
    if second_factor_device(user=user) is None:
        return to_enrolment(request)
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            device = second_factor_verify(user=user, code=form.cleaned_data["code"])
        except ApplicationError as refusal:
            form.add_error("code", str(refusal.message))
        else:
            let_in(request, device)
            return HttpResponseRedirect(next_page(request))
    context = {
        "form": form,
        "verified": is_verified(request),
        "left": recovery_codes_left(user=user),
    }
    return page(site, request, "second_factor", _("Second factor"), context)


def enrol(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """Set up a device: show its secret, and take its first code.

    Who has a device already must have passed it, or a password would be enough to replace it.
    """
    user = staff_of(request)
    if second_factor_device(user=user) is not None and not is_verified(request):
        return HttpResponseRedirect(reverse("admin:second_factor"))
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            device, codes = second_factor_confirm(
                user=user,
                waiting_id=request.session.get(WAITING),
                code=form.cleaned_data["code"],
            )
        except ApplicationError as refusal:
            form.add_error("code", str(refusal.message))
        else:
            let_in(request, device)
            return codes_page(site, request, codes)
    device = second_factor_offer(user=user, waiting_id=request.session.get(WAITING))
    request.session[WAITING] = device.pk
    context = {"form": form, "qr": qr_of(device.config_url), **secret_of(device)}
    return page(site, request, "second_factor_device", _("Set up the second factor"), context)


def renew(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """Make new recovery codes for somebody who passed the second factor."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    if not is_verified(request):
        return HttpResponseRedirect(reverse("admin:second_factor"))
    return codes_page(site, request, recovery_codes_renew(user=staff_of(request)))


def codes_page(site: AdminSite, request: HttpRequest, codes: list[str]) -> HttpResponse:
    context = {"codes": codes}
    return page(site, request, "second_factor_codes", _("Recovery codes"), context)


def page(
    site: AdminSite, request: HttpRequest, name: str, title: Any, context: dict[str, Any]
) -> HttpResponse:
    shared = {**site.each_context(request), "title": title, "next": next_page(request)}
    return TemplateResponse(request, f"admin/{name}.html", {**shared, **context})


def let_in(request: HttpRequest, device: TOTPDevice) -> None:
    """Note in the session that the second factor is passed; its old key ends."""
    request.session.cycle_key()
    django_otp.login(request, device)


def is_verified(request: HttpRequest) -> bool:
    """Say whether OTPMiddleware found the device that let this session in."""
    return getattr(request.user, "otp_device", None) is not None


def staff_of(request: HttpRequest) -> User:
    return cast("User", request.user)


def to_enrolment(request: HttpRequest) -> HttpResponse:
    return HttpResponseRedirect(
        f"{reverse('admin:second_factor_device')}?{request.GET.urlencode()}"
    )


def next_page(request: HttpRequest) -> str:
    """Return where the reader wanted to go, if that is on this site, else the front door."""
    wanted = request.POST.get(REDIRECT_FIELD_NAME) or request.GET.get(REDIRECT_FIELD_NAME, "")
    here = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if wanted and here else reverse("admin:index")


def qr_of(address: str) -> SafeString:
    """Return the address as a drawing that needs neither script nor style.

    It has no size of its own, or a page that makes it smaller would cut it off.
    """
    drawing = segno.make(address, error="m", micro=False)
    return SafeString(drawing.svg_inline(omitsize=True, border=4, light="#fff", svgclass="qr"))


def secret_of(device: TOTPDevice) -> dict[str, str]:
    letters = base64.b32encode(device.bin_key).decode().rstrip("=")
    spaced = " ".join(letters[at : at + 4] for at in range(0, len(letters), 4))
    return {"address": device.config_url, "secret": spaced}
