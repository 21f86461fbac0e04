from __future__ import annotations

import threading
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts import hashers
from accounts.login_guard import LoginAttempt, login_guard, login_passed
from accounts.models import User
from starscal.core.exceptions import ApplicationError, ErrorCode
from starscal.core.limits import LOGIN_ACCOUNT, LOGIN_ADDRESS, LOGIN_KNOWN

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


def sign_in(client: Client, password: str, address: str = HOME, **more: Any) -> Any:
    data = {"username": "vega", "password": password}
    return client.post(reverse("admin:login"), data, REMOTE_ADDR=address, **more)


@pytest.mark.django_db
def test_the_admin_stands_behind_the_guard_too() -> None:
    User.objects.create_superuser("vega", password=PASSWORD)
    browser = Client()
    entered = sign_in(browser, PASSWORD)
    assert entered.status_code == 302
    cookie = entered.cookies["device"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    for number in range(LOGIN_ACCOUNT.capacity):
        assert sign_in(Client(), "wrong", f"192.0.2.{number}").status_code == 200
    refused = sign_in(Client(), PASSWORD, "192.0.2.99")
    assert refused.status_code == 429
    assert int(refused["Retry-After"]) > 0
    assert "Too many requests" in refused.content.decode()
    assert sign_in(browser, PASSWORD, "203.0.113.9").status_code == 302


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
