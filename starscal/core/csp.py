"""Content-Security-Policy under Django 6's setting names, until its own middleware is here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

Policy: TypeAlias = Mapping[str, Sequence[str]]

HEADER: Final = "Content-Security-Policy"
REPORT_HEADER: Final = "Content-Security-Policy-Report-Only"
# What is no page has nothing to load; opened by itself it may do nothing at all.
UNFRAMED: Final = "frame-ancestors 'none'"
DATA_POLICY: Final = f"default-src 'none'; base-uri 'none'; {UNFRAMED}"


def policy_text(policy: Policy) -> str:
    """Write a policy as the header has it."""
    return "; ".join(" ".join([name, *sources]).strip() for name, sources in policy.items())


def policy_add(request: HttpRequest, response: HttpResponseBase) -> None:
    """Give an answer its policy; one that its view gave it is kept, but nobody frames it either."""
    del request
    if HEADER in response.headers:
        if "frame-ancestors" not in response.headers[HEADER]:
            response.headers[HEADER] += f"; {UNFRAMED}"
        return
    if not response.headers.get("Content-Type", "").startswith("text/html"):
        response.headers[HEADER] = DATA_POLICY
        return
    if settings.SECURE_CSP:
        response.headers[HEADER] = policy_text(settings.SECURE_CSP)
    if settings.SECURE_CSP_REPORT_ONLY:
        response.headers.setdefault(REPORT_HEADER, policy_text(settings.SECURE_CSP_REPORT_ONLY))
