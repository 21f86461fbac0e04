from __future__ import annotations

import threading
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client
from pytest_django import Settings

from accounts import hashers
from accounts.login_guard import LoginAttempt, login_guard, login_passed
from accounts.models import User
from starscal.core.exceptions import ApplicationError, ErrorCode
from starscal.core.limits import LOGIN_ACCOUNT, LOGIN_ADDRESS, LOGIN_KNOWN, PASSWORD_CONFIRM
from starscal.testing.staff import staff_sign_in

HOME = "198.51.100.7"
PASSWORD = "a long and good password"


@pytest.fixture(autouse=True)
def real_limits(settings: Settings) -> None:
    settings.RATE_LIMITS = {}


def guess(account: str, address: str, device: str = "") -> LoginAttempt | None:
    """Return the attempt, or None if the guard refuses it."""
    try:
        return login_guard(address=address, account=account, device=device)
    except ApplicationError as refused:
        return None if refused.code == ErrorCode.RATE_LIMITED else pytest.fail(str(refused))


def passed(account: str, addresses: list[str], device: str = "") -> int:
    """Count the guesses that come through to the hasher."""
    return sum(guess(account, address, device) is not None for address in addresses)


def test_an_account_takes_few_guesses_from_anywhere() -> None:
    strangers = [f"192.0.2.{number}" for number in range(100)]
    assert passed("Vega", strangers) == LOGIN_ACCOUNT.capacity
    assert passed("vega", ["192.0.2.200"]) == 0  # in any case
    assert passed("ｖｅｇａ", ["192.0.2.201"]) == 0  # and width
    assert passed("altair", ["192.0.2.202"]) == 1


def test_an_address_tries_few_accounts() -> None:
    tried = [guess(f"person{number}", "2001:db8::1") for number in range(50)]
    assert len([one for one in tried if one]) == LOGIN_ADDRESS.capacity
    assert guess("another", "2001:db8::ffff") is None  # the same /64
    assert guess("another", "2001:db8:1::1") is not None


def test_the_owner_signs_in_by_cookie_from_anywhere() -> None:
    first = guess("vega", HOME)
    assert first is not None
    device = login_passed(attempt=first)
    passed("vega", [f"192.0.2.{number}" for number in range(100)])
    assert guess("vega", "203.0.113.5") is None
    assert passed("vega", ["203.0.113.5"] * 50, device) == LOGIN_KNOWN.capacity
    assert guess("altair", HOME, device) is not None  # counts as a stranger's there


def test_the_owner_signs_in_from_a_known_address_without_a_cookie() -> None:
    first = guess("vega", HOME)
    assert first is not None
    login_passed(attempt=first)
    passed("vega", [f"192.0.2.{number}" for number in range(100)])
    assert guess("vega", HOME) is not None


@pytest.mark.parametrize("device", ["", "nonsense", "a:b:c", "\x00", "x" * 10_000])
def test_a_forged_cookie_opens_nothing(device: str) -> None:
    passed("vega", [f"192.0.2.{number}" for number in range(100)])
    assert guess("vega", HOME, device) is None


def test_a_device_of_one_account_is_none_of_another() -> None:
    first = guess("vega", HOME)
    assert first is not None
    device = login_passed(attempt=first)
    passed("altair", [f"192.0.2.{number}" for number in range(100)])
    assert guess("altair", "203.0.113.5", device) is None


def test_right_passwords_use_nothing_up() -> None:
    for _time in range(60):
        attempt = guess("vega", HOME)
        assert attempt is not None
        login_passed(attempt=attempt)


def test_own_successes_buy_no_guesses_at_others() -> None:
    others = 0
    for number in range(60):
        own = guess("mine", HOME)
        if own is not None:
            login_passed(attempt=own)
        others += guess(f"person{number}", HOME) is not None
    assert others <= LOGIN_ADDRESS.capacity


# Of each surface: where it is asked, what it calls the name, and its answers.
SURFACES = {
    "admin": ("/admin/login/", "username", 302, 200),
    "web": ("/en/account/sign-in/", "login", 302, 401),
    "api": ("/api/v1/auth/token", "username", 200, 401),
}


def sign_in(surface: str, client: Client, password: str, address: str) -> Any:
    path, name, _entered, _wrong = SURFACES[surface]
    body: Any = {name: "vega", "password": password}
    if surface == "api":
        return client.post(path, body, "application/json", REMOTE_ADDR=address)
    return client.post(path, body, REMOTE_ADDR=address)


@pytest.mark.django_db
@pytest.mark.parametrize("surface", SURFACES)
def test_every_surface_stands_behind_the_guard(surface: str) -> None:
    _path, _name, entered, wrong = SURFACES[surface]
    User.objects.create_superuser("vega", password=PASSWORD)
    device = Client()
    first = sign_in(surface, device, PASSWORD, HOME)
    assert first.status_code == entered
    cookie = first.cookies["device"]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    for number in range(LOGIN_ACCOUNT.capacity):
        assert sign_in(surface, Client(), "wrong", f"192.0.2.{number}").status_code == wrong
    refused = sign_in(surface, Client(), PASSWORD, "192.0.2.99")
    assert refused.status_code == 429
    assert int(refused["Retry-After"]) > 0
    assert "Too many requests" in refused.content.decode()
    assert sign_in(surface, device, PASSWORD, "203.0.113.9").status_code == entered  # its cookie
    assert sign_in(surface, Client(), PASSWORD, HOME).status_code == entered  # its address


@pytest.mark.django_db
def test_surfaces_share_their_buckets() -> None:
    User.objects.create_superuser("vega", password=PASSWORD)
    surfaces = list(SURFACES) * LOGIN_ACCOUNT.capacity
    answers = [
        sign_in(surface, Client(), "wrong", f"192.0.2.{number}")
        for number, surface in enumerate(surfaces)
    ]
    held_back = [answer.status_code == 429 for answer in answers]
    assert held_back.index(True) == LOGIN_ACCOUNT.capacity
    assert all(held_back[LOGIN_ACCOUNT.capacity :])


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/admin/password_change/", "/en/account/password/"])
def test_guessing_the_present_password_in_a_browser_is_held_back(path: str) -> None:
    browser = Client()
    staff_sign_in(browser, User.objects.create_superuser("vega", password=PASSWORD))
    guess = {"old_password": "no", "current_password": "no", "new_password": "a better password"}
    both = {"new_password1": "a better password", "new_password2": "a better password"}
    for _guess in range(PASSWORD_CONFIRM.capacity):
        assert browser.post(path, guess | both).status_code in {200, 400}
    refused = browser.post(path, guess | both)
    assert refused.status_code == 429
    assert int(refused["Retry-After"]) > 0


def test_the_hasher_works_for_a_few_at_once(
    monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    places = threading.BoundedSemaphore(1)
    monkeypatch.setattr(hashers, "_slots", lambda: places)
    settings.HASHER_WAIT_S = 0
    with places, pytest.raises(ApplicationError) as refused:
        make_password(PASSWORD)
    assert refused.value.status == 503
    assert "Retry-After" in refused.value.headers
    assert make_password(PASSWORD)
