"""The page on which people sign in with Telegram, and have an account made."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts.browsers import device_text
from accounts.pages.entry_views import form_page
from accounts.pages.forms import PageForm
from accounts.pages.frame import NEXT, account_page, framed, link, next_path
from starscal.core.addresses import address_key, client_address
from starscal.core.exceptions import ApplicationError, ErrorCode
from starscal.core.limits import TELEGRAM_ASK, TELEGRAM_CODE
from starscal.core.ratelimit import require
from telegram_link.api.inputs import CODE_LENGTH
from telegram_link.pages.cookies import SIGN_IN, Waiting, waiting_forget, waiting_keep, waiting_of
from telegram_link.selectors.links import bot_is_on
from telegram_link.services.signing_in import Attempt, SignedIn, sign_in_ask, sign_in_prove

DIGITS = {"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"}


class CodeForm(PageForm):
    """The code that the bot has told."""

    code = forms.CharField(
        label=gettext_lazy("Code"), max_length=CODE_LENGTH, widget=forms.TextInput(attrs=DIGITS)
    )
    consent = forms.BooleanField(required=False, widget=forms.HiddenInput())
    no_account = False

    def refuse(self, error: ApplicationError) -> None:
        """Ask for the consent instead, where it is all that lacks."""
        self.no_account = error.code == ErrorCode.TELEGRAM_NO_ACCOUNT
        if not self.no_account:
            super().refuse(error)


@form_page
@account_page
def sign_in(request: HttpRequest, language: str) -> HttpResponse:
    """Lead to the bot and take the code that it tells."""
    if not bot_is_on():
        raise ApplicationError(
            ErrorCode.TELEGRAM_OFF, gettext_lazy("The Telegram bot is off here.")
        )
    if request.method != "POST" and request.user.is_authenticated:
        return HttpResponseRedirect(next_path(request, language))
    waiting = waiting_of(request, SIGN_IN)
    form = CodeForm(request.POST or None)
    if waiting and form.succeeded(lambda: sign_in_with(request, form, waiting, language)):
        response = HttpResponseRedirect(next_path(request, language))
        waiting_forget(response, SIGN_IN)
        return response
    return framed(
        request,
        "telegram_link/sign_in.html",
        language,
        _("Sign in with Telegram"),
        form=form,
        waiting=waiting,
        way_back=request.GET.get(NEXT, ""),
        links=[link("sign-in", language, _("Sign in with a password"))],
    )


def sign_in_with(request: HttpRequest, form: CodeForm, waiting: Waiting, language: str) -> SignedIn:
    """Open a session of the browser for whoever was told the code."""
    require(TELEGRAM_CODE, address_key(client_address(request)))
    proved = sign_in_prove(
        attempt=Attempt(
            token_id=waiting.token_id,
            holder=waiting.holder,
            code=form.cleaned_data["code"],
            surface="web",
            consent=form.cleaned_data["consent"],
            language=language,
        )
    )
    login(request, proved.user, backend=settings.AUTHENTICATION_BACKENDS[0])
    return proved


@require_POST
@account_page
def begin(request: HttpRequest, language: str) -> HttpResponse:
    """Ask for a link to the bot, which this browser alone can use."""
    require(TELEGRAM_ASK, address_key(client_address(request)))
    device = device_text(request.headers.get("User-Agent", ""))
    asked = sign_in_ask(device=device, by_page=True)
    query = f"?{request.GET.urlencode(safe='/')}" if request.GET.get(NEXT) else ""
    path = reverse("telegram:sign-in", args=[language])
    response = HttpResponseRedirect(f"{path}{query}")
    waiting_keep(response, SIGN_IN, asked)
    return response
