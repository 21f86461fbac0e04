"""Views that fail, ask the database and take secrets in their paths."""

from __future__ import annotations

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import path

from starscal.core.context import request_id


def boom(request: HttpRequest) -> HttpResponse:
    raise ZeroDivisionError("for ann@mail.example")


def ask(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.execute("SELECT 2")
    return HttpResponse(request_id(), headers={"Content-Language": "hy"})


async def ask_async(request: HttpRequest) -> HttpResponse:
    return HttpResponse(request_id())


def feed(request: HttpRequest, token: str) -> HttpResponse:
    return HttpResponse("feed")


urlpatterns = [
    path("boom", boom),
    path("ask", ask),
    path("ask-async", ask_async),
    path("feeds/<str:token>.ics", feed),
]
