"""What the framework's request wraps."""

from __future__ import annotations

from django.http import HttpRequest
from rest_framework.request import Request


def django_request(request: Request) -> HttpRequest:
    """Return Django's own request, which the middleware marked with the language."""
    inner: HttpRequest = request._request  # noqa: SLF001 - DRF documents it for this use
    return inner
