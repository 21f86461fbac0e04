"""The page on which people link their account with a chat, and unlink it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.browsers import browser_session_id
from accounts.pages.frame import framed, moment_text, own, own_page, zone_text
from starscal.core.exceptions import ApplicationError
from starscal.core.limits import TELEGRAM_ASK
from starscal.core.ratelimit import require
from telegram_link.models import TelegramLinkToken
from telegram_link.pages.cookies import LINK, Waiting, waiting_forget, waiting_keep, waiting_of
from telegram_link.selectors.links import (
    bot_is_on,
    is_only_way_in,
    link_token,
    token_state,
)
from telegram_link.selectors.membership import account_of
from telegram_link.services.linking import account_unlink, link_ask, link_confirm
from telegram_link.services.tokens import token_settle


@require_safe
@own_page
def link(request: HttpRequest, language: str) -> HttpResponse:
    """Show who is linked, or how far linking has come."""
    waiting, token = asked_by(request)
    return framed(
        request,
        "telegram_link/link.html",
        language,
        _("Telegram"),
        tab="telegram:link",
        **facts(request),
        waiting=waiting if token else None,
        token=token,
        stage=stage_of(token),
        on=bot_is_on(),
    )


def session_of(request: HttpRequest) -> UUID:
    """Return the session of a browser that is signed in."""
    return UUID(browser_session_id(request))


def facts(request: HttpRequest) -> dict[str, Any]:
    """Return what the page says of a link that stands."""
    user = own(request)
    account = account_of(user=user)
    return {
        "telegram": account,
        "linked_on": moment_text(account.linked_at, user) if account else "",
        "only_way_in": is_only_way_in(user=user),
        "zone_note": zone_text(user),
    }


def asked_by(request: HttpRequest) -> tuple[Waiting | None, TelegramLinkToken | None]:
    """Return what this browser asked for, in this session, and what became of it."""
    waiting = waiting_of(request, LINK)
    if waiting is None:
        return None, None
    token = link_token(token_id=waiting.token_id, session_id=session_of(request))
    return waiting, token if token and token_state(token=token) != "over" else None


def stage_of(token: TelegramLinkToken | None) -> str:
    return token_state(token=token) if token else "none"


@require_safe
@own_page
def state(request: HttpRequest, language: str) -> HttpResponse:
    """Tell the page's script whether something has changed since it was drawn."""
    del language
    _waiting, token = asked_by(request)
    linked = account_of(user=own(request)) is not None
    return JsonResponse({"stage": "linked" if linked else stage_of(token)})


@require_POST
@own_page
def begin(request: HttpRequest, language: str) -> HttpResponse:
    """Ask for a link to the bot."""
    require(TELEGRAM_ASK, f"user:{own(request).pk}")
    response = back(language)
    try:
        asked = link_ask(user=own(request), session_id=session_of(request))
    except ApplicationError as error:
        return told(request, language, error)
    waiting_keep(response, LINK, asked)
    return response


@require_POST
@own_page
def confirm(request: HttpRequest, language: str) -> HttpResponse:
    """Link the chat whose name the page has shown."""
    waiting, _token = asked_by(request)
    if waiting is None:
        return back(language)
    try:
        link_confirm(
            user=own(request),
            session_id=session_of(request),
            token_id=waiting.token_id,
        )
    except ApplicationError as error:
        return told(request, language, error)
    messages.success(request, _("Your account is linked with Telegram."))
    return done(language)


@require_POST
@own_page
def cancel(request: HttpRequest, language: str) -> HttpResponse:
    """End what was asked for, for it was somebody else who opened it."""
    _waiting, token = asked_by(request)
    if token is not None:
        token_settle(token=token)
    return done(language)


@require_POST
@own_page
def unlink(request: HttpRequest, language: str) -> HttpResponse:
    """Part the account from the chat."""
    try:
        account_unlink(user=own(request), actor="app")
    except ApplicationError as error:
        return told(request, language, error)
    messages.success(request, _("Your account is not linked with Telegram any more."))
    return done(language)


def told(request: HttpRequest, language: str, error: ApplicationError) -> HttpResponse:
    """Go back to the page, which says what was refused."""
    messages.error(request, str(error.message))
    return back(language)


def back(language: str) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("telegram:link", args=[language]))


def done(language: str) -> HttpResponseRedirect:
    response = back(language)
    waiting_forget(response, LINK)
    return response
