from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.utils import translation

from starscal.core.middleware import ReaderLanguageMiddleware


def respond(path: str = "/", *, user: Any = None, cookie: bool = False, accept: str = "") -> Any:
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse(f"{translation.get_language()} {request.language_fallback}")  # type: ignore[attr-defined]

    request = RequestFactory().get(path, headers={"Accept-Language": accept})
    request.user = user or AnonymousUser()
    if cookie:
        request.COOKIES["sessionid"] = "x"
    return ReaderLanguageMiddleware(view)(request)


GERMAN = "de-CH,fr;q=0.5"


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/?lang=ja", "ja False"),
        ("/hy/x?lang=ja", "ja False"),
        ("/hy/x", "hy False"),
        ("/zh-hans/", "zh-hans False"),
        ("/", "de False"),
        ("/admin/", "de False"),
        ("/?lang=PT_br", "pt-br False"),
        ("/?lang=tlh", "en True"),
        ("/?lang=%00%ff", "en True"),
    ],
)
def test_the_order_of_wishes(path: str, expected: str) -> None:
    assert respond(path, accept=GERMAN).content.decode() == expected


def test_a_signed_in_users_language_counts_before_the_browsers() -> None:
    user = get_user_model()(language="ru")
    assert respond("/", user=user, cookie=True, accept=GERMAN)["Content-Language"] == "ru"
    assert respond("/?lang=fr", user=user, cookie=True)["Content-Language"] == "fr"


def test_the_api_knows_no_session() -> None:
    user = get_user_model()(language="ru")
    answer = respond("/api/v1/events", user=user, cookie=True, accept=GERMAN)
    assert answer["Content-Language"] == "de"


def test_answers_say_what_they_depend_on_and_leave_nothing_behind() -> None:
    before = translation.get_language()
    answer = respond("/?lang=ja")
    assert answer["Content-Language"] == "ja"
    assert "Accept-Language" in answer["Vary"]
    assert translation.get_language() == before
