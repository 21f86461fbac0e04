"""T10: what every class of answer carries, whatever made it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from typing import Any

import pytest
from django.conf import settings as project
from django.db import OperationalError
from django.http import HttpResponse
from django.test import Client, RequestFactory, override_settings
from django.urls import reverse
from pytest_django import Settings

from starscal.core.csp import policy_add, policy_text

pytestmark = pytest.mark.django_db
ALLOWED = "Access-Control-Allow-Origin"
PAGES = {
    "home": "/en/",
    "admin-login": "/admin/login/",
    "docs": "/api/v1/docs/",
    "lost": "/en/there/is/nothing",
}
DATA = {
    "list": "/api/v1/events?start=1950-01-01&limit=1",
    "openapi": "/api/v1/openapi.json",
    "problem": "/api/v1/there-is-nothing",
    "me": "/api/v1/me",
    "jwks": "/.well-known/jwks.json",
    "calendar": "/api/v1/events/calendar.ics?start=1950-01-01&end=1950-02-01",
    "figure": "/api/v1/events/moon-full-2026-12-24/figure.svg",
    "figure-png": "/api/v1/events/moon-full-2026-12-24/figure.png",
    "probe": "/livez",
    "static": "/static/starscal/site.css",
}


@pytest.mark.drill("T10")
@pytest.mark.parametrize("path", [*PAGES.values(), *DATA.values()], ids=[*PAGES, *DATA])
def test_every_answer_is_guarded(client: Client, path: str) -> None:
    answer = client.get(path)
    policy = answer["Content-Security-Policy"]
    assert "unsafe-inline" not in policy
    assert "unsafe-eval" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert "origin" in answer["Referrer-Policy"]
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in answer["Permissions-Policy"]
    assert "Server" not in answer
    is_page = answer["Content-Type"].startswith("text/html")
    assert policy.startswith("default-src 'self'" if is_page else "default-src 'none'")
    answer.close()  # a file stays open otherwise


@pytest.mark.parametrize("given", ["default-src 'none'", "frame-ancestors 'self'"])
def test_a_policy_of_a_view_says_who_may_frame_it(rf: RequestFactory, given: str) -> None:
    answer = HttpResponse(headers={"Content-Security-Policy": given})
    policy_add(rf.get("/"), answer)
    policy = answer["Content-Security-Policy"]
    assert policy.startswith(given)
    assert policy.count("frame-ancestors") == 1


def test_a_drawing_keeps_its_policy_when_nothing_has_changed(client: Client) -> None:
    first = client.get(DATA["figure"])
    again = client.get(DATA["figure"], headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304
    assert again["Content-Security-Policy"] == first["Content-Security-Policy"]


def test_a_policy_is_written_as_browsers_read_it() -> None:
    text = policy_text({"default-src": ["'self'", "data:"], "upgrade-insecure-requests": []})
    assert text == "default-src 'self' data:; upgrade-insecure-requests"


@pytest.mark.parametrize(
    ("path", "shared"),
    [("/api/v1/problems", "cross-origin"), ("/api/v1/me", "same-origin"), ("/en/", "same-origin")],
)
def test_who_may_embed_an_answer(client: Client, path: str, shared: str) -> None:
    assert client.get(path)["Cross-Origin-Resource-Policy"] == shared


def preflight(client: Client, path: str, origin: str) -> Any:
    return client.options(path, headers={"Origin": origin, "Access-Control-Request-Method": "POST"})


@pytest.mark.drill("T10")
def test_every_site_reads_what_is_public(client: Client) -> None:
    answer = client.get("/api/v1/problems", headers={"Origin": "https://other.example"})
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert "RateLimit" in answer["Access-Control-Expose-Headers"]
    asked = preflight(client, "/api/v1/events", "https://other.example")
    assert asked["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    assert "Access-Control-Allow-Credentials" not in asked


@pytest.mark.drill("T10")
@pytest.mark.parametrize("path", ["/api/v1/me", "/api/v1/auth/token", "/api/v1/keys"])
def test_only_known_sites_read_what_is_personal(
    client: Client, settings: Settings, path: str
) -> None:
    settings.CORS_ALLOWED_ORIGINS = ["https://app.example"]
    assert "Access-Control-Allow-Origin" not in preflight(client, path, "https://other.example")
    known = preflight(client, path, "https://app.example")
    assert known["Access-Control-Allow-Origin"] == "https://app.example"
    assert "POST" in known["Access-Control-Allow-Methods"]
    assert "Access-Control-Allow-Credentials" not in known


PATHS = json.loads((project.BASE_DIR / "openapi.json").read_text())["paths"]
PERSONAL = ("/api/v1/auth/", "/api/v1/me", "/api/v1/keys")


@pytest.mark.drill("T10")
@pytest.mark.parametrize("path", list(PATHS))
def test_each_documented_address_is_of_one_half(
    client: Client, settings: Settings, path: str
) -> None:
    """Ask as a page of another site and as one that is known: preflights, then in earnest."""
    settings.CORS_ALLOWED_ORIGINS = ["https://app.example"]
    address = re.sub(r"{[^}]+}", "00000000-0000-0000-0000-000000000007", path)
    for origin in ("https://other.example", "https://app.example"):
        told = {preflight(client, address, origin).headers.get(ALLOWED)}
        if path.startswith(PERSONAL):  # without a token this is a refusal, which tells no more
            method = next(iter(PATHS[path]))
            told.add(
                client.generic(method, address, headers={"Origin": origin}).headers.get(ALLOWED)
            )
            assert told == {origin if origin == "https://app.example" else None}
        else:
            assert told == {"*"}


def test_pages_are_read_by_no_other_site(client: Client) -> None:
    answer = client.get("/en/", headers={"Origin": "https://other.example"})
    assert "Access-Control-Allow-Origin" not in answer


def production(*command: str) -> subprocess.CompletedProcess[str]:
    """Run a command under the settings of production."""
    return subprocess.run(
        [sys.executable, *command],
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "starscal.settings.production",
            "SECRET_KEY": "Zr8w-0qvXn3kT5uLpYh2Bd9sGf7jEc4aMi6oQlWxVbNz1RtK-u5Hs",
            "ALLOWED_HOSTS": "stars.example",
            "LOG_JSON": "0",
        },
        cwd=project.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )


@pytest.mark.drill("T10")
def test_production_passes_the_check_for_deployment() -> None:
    done = production("manage.py", "check", "--deploy", "--fail-level", "WARNING")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "no issues" in done.stdout


@pytest.mark.drill("T10")
def test_cookies_of_production_belong_to_this_host_alone() -> None:
    code = (
        "import django; django.setup()\n"
        "from django.conf import settings as s\n"
        "names = [s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.DEVICE_COOKIE_NAME]\n"
        "print(all(n.startswith('__Host-') for n in names), s.SESSION_COOKIE_SECURE,\n"
        "      s.CSRF_COOKIE_SECURE, s.SESSION_COOKIE_HTTPONLY, s.CSRF_COOKIE_HTTPONLY,\n"
        "      s.SESSION_COOKIE_SAMESITE, s.SESSION_COOKIE_DOMAIN, s.SESSION_COOKIE_PATH,\n"
        "      s.SECURE_HSTS_SECONDS >= 31536000, s.SECURE_HSTS_INCLUDE_SUBDOMAINS)"
    )
    assert production("-c", code).stdout.split() == [
        *["True"] * 5, "Lax", "None", "/", "True", "True",
    ]  # fmt: skip


@override_settings(SECURE_HSTS_SECONDS=31_536_000)
def test_https_stays_https(client: Client) -> None:
    assert "max-age=31536000" in client.get("/en/", secure=True)["Strict-Transport-Security"]


@pytest.mark.parametrize("path", ["/en/", "/api/v1/events", "/admin/login/"])
def test_a_body_is_refused_by_its_length(client: Client, path: str) -> None:
    body = b"x" * (1024 * 1024 + 1)
    answer = client.post(path, data=body, content_type="application/json")
    assert answer.status_code == 413
    assert ("problem+json" in answer["Content-Type"]) == path.startswith("/api/")


def test_a_form_has_so_many_fields_at_most(client: Client) -> None:
    fields = {f"f{number}": "1" for number in range(600)}
    assert client.post(reverse("admin:login"), fields).status_code == 400


def fail(*_args: object, **_options: object) -> None:
    raise OperationalError("connection to 10.1.2.3 refused for user secret")


@pytest.mark.parametrize("path", ["/en/", "/api/v1/events?start=1950-01-01"])
def test_an_absent_database_is_told_without_its_words(
    client: Client, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.setattr("django.db.models.query.QuerySet._fetch_all", fail)
    monkeypatch.setattr("django.db.backends.utils.CursorWrapper.execute", fail)
    answer = client.get(path)
    assert answer.status_code == 503
    assert int(answer["Retry-After"]) > 0
    assert "secret" not in answer.content.decode()
