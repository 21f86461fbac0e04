"""Nobody comes into the admin on a password alone."""

from __future__ import annotations

import hashlib
import re
import time
from base64 import b32decode
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
import segno
from django.conf import LazySettings
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils.html import escape
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.models import RecoveryCode, Session, User
from accounts.selectors.second_factor import recovery_codes_left
from accounts.services.second_factor import (
    recovery_codes_renew,
    second_factor_confirm,
    second_factor_offer,
    second_factor_reset,
    second_factor_verify,
)
from accounts.services.sessions import sessions_revoke
from starscal.core import clock
from starscal.core.exceptions import ApplicationError, ErrorCode
from starscal.core.models import AuditEntry
from starscal.testing.staff import staff_sign_in

PASSWORD = "a long walk under stars"
CHECK, DEVICE, CODES = (
    "/admin/second-factor/",
    "/admin/second-factor/device/",
    "/admin/second-factor/codes/",
)
HOME = "/admin/"


@pytest.fixture
def owner(db: None) -> User:
    return User.objects.create_superuser("owner", password=PASSWORD)


@pytest.fixture(autouse=True)
def minutes(settings: LazySettings) -> None:
    """Have a wrong code cost minutes, where a second may be over before the next try."""
    settings.OTP_TOTP_THROTTLE_FACTOR = 60


def code_of(key: bytes, *, step: int = 0) -> str:
    """Return what an authenticator app shows, ``step`` half minutes from now."""
    return f"{TOTP(key, drift=step).token():06d}"


def enrolled(user: User) -> tuple[TOTPDevice, list[str]]:
    """Give a person a device whose last code lies in the past, and recovery codes."""
    waiting = second_factor_offer(user=user)
    code = code_of(waiting.bin_key)  # an older one is too old as soon as a half minute ends
    device, codes = second_factor_confirm(user=user, waiting_id=waiting.pk, code=code)
    device.last_t -= 1
    device.save(update_fields=["last_t"])
    return device, codes


def signed_in(client: Client) -> Any:
    return client.post(
        "/admin/login/", {"username": "owner", "password": PASSWORD, "next": HOME}, follow=True
    )


def refusal_of(user: User, code: str) -> ErrorCode:
    with pytest.raises(ApplicationError) as refused:
        second_factor_verify(user=user, code=code)
    return refused.value.code


def test_the_first_sign_in_sets_up_a_device(client: Client, owner: User) -> None:
    answer = signed_in(client)
    assert answer.redirect_chain[-1][0].startswith(DEVICE)
    html = answer.content.decode()
    shown = re.search(r'class="secret">([A-Z2-7 ]+)<', html)
    assert shown is not None
    assert "<svg" in html
    assert "style=" not in html[html.index("<svg") : html.index("</svg>")]
    assert client.get(HOME).status_code == 302
    key = b32decode(shown[1].replace(" ", ""))
    welcome = client.post(DEVICE, {"code": code_of(key)})
    codes = re.findall(r"<code>([A-Z2-7-]{19})</code>", welcome.content.decode())
    assert len(set(codes)) == 10
    assert "no-store" in welcome["Cache-Control"]
    assert client.get(HOME).status_code == 200


def test_nobody_else_has_seen_the_secret_of_a_device(client: Client, owner: User) -> None:
    thief = Client()  # who knows the password, and came first
    signed_in(thief)
    seen = TOTPDevice.objects.get().bin_key
    signed_in(client)
    own = TOTPDevice.objects.get().bin_key
    assert own != seen
    client.get(DEVICE)
    assert TOTPDevice.objects.get().bin_key == own  # the same to the same browser
    assert "No device is set up" in thief.post(DEVICE, {"code": code_of(seen)}).content.decode()
    signed_in(client)
    key = TOTPDevice.objects.get().bin_key
    assert client.post(DEVICE, {"code": code_of(key)}).status_code == 200
    assert client.get(HOME).status_code == 200
    assert thief.get(HOME).status_code == 302


def test_each_sign_in_asks_for_a_code(client: Client, owner: User) -> None:
    device, _codes = enrolled(owner)
    for code in (code_of(device.bin_key), code_of(device.bin_key, step=1)):
        answer = signed_in(client)
        assert answer.redirect_chain[-1][0].startswith(CHECK)
        assert client.get(HOME).status_code == 302
        key_before = client.session.session_key
        passed = client.post(CHECK, {"code": code, "next": "/admin/core/auditentry/"})
        assert passed.headers["Location"] == "/admin/core/auditentry/"
        assert client.session.session_key != key_before
        assert client.get(HOME).status_code == 200
        client.post("/admin/logout/")


@pytest.mark.parametrize("address", ["/admin/login/", "/admin/login/?lang=en"])
def test_an_ended_session_does_not_spare_the_next_sign_in_the_code(
    client: Client, owner: User, address: str
) -> None:
    device, _codes = enrolled(owner)
    signed_in(client)
    client.post(CHECK, {"code": code_of(device.bin_key)})
    assert client.get(HOME).status_code == 200
    sessions_revoke(user=owner, reason="laptop lost")
    client.post(address, {"username": "owner", "password": PASSWORD, "next": HOME})
    assert client.get(HOME).headers["Location"].startswith(CHECK)


def test_a_second_sign_in_ends_the_session_before_it(client: Client, owner: User) -> None:
    for _time in range(2):
        client.post("/admin/login/?lang=en", {"username": "owner", "password": PASSWORD})
    assert Session.objects.filter(revoked_at__isnull=True).count() == 1


def test_a_wrong_code_stays_outside_and_is_told(client: Client, owner: User) -> None:
    device, _codes = enrolled(owner)
    signed_in(client)
    answer = client.post(CHECK, {"code": code_of(device.bin_key, step=50)})
    assert "This code is not right." in answer.content.decode()
    assert client.get(HOME).status_code == 302
    again = client.post(CHECK, {"code": code_of(device.bin_key)})
    assert "Too many wrong codes." in again.content.decode()


@pytest.mark.parametrize(
    "code", ["", "x" * 41, "²²²²²²", "123456\x00", "-12345", "1e5", "ЙЙЙЙ-" * 4]
)
def test_odd_codes_are_refused(client: Client, owner: User, code: str) -> None:
    enrolled(owner)
    signed_in(client)
    assert client.post(CHECK, {"code": code}).status_code == 200
    assert client.get(HOME).status_code == 302


def test_a_password_alone_does_not_replace_the_device(client: Client, owner: User) -> None:
    device, codes = enrolled(owner)
    signed_in(client)
    for answer in (client.get(DEVICE), client.post(DEVICE, {"code": "123456"}), client.post(CODES)):
        assert answer.headers["Location"] == CHECK
    assert recovery_codes_left(user=owner) == len(codes)
    assert list(TOTPDevice.objects.values_list("pk", flat=True)) == [device.pk]


def test_a_device_is_replaced_by_whoever_passed_it(client: Client, owner: User) -> None:
    old = staff_sign_in(client, owner)
    other = Client()
    staff_sign_in(other, owner)
    client.get(DEVICE)
    new = TOTPDevice.objects.get(confirmed=False)
    assert client.post(DEVICE, {"code": code_of(new.bin_key)}).status_code == 200
    assert client.get(HOME).status_code == 200
    assert other.get(HOME).status_code == 302
    assert not TOTPDevice.objects.filter(pk=old.pk).exists()


def test_new_recovery_codes_end_the_old_ones(client: Client, owner: User) -> None:
    _device, old = enrolled(owner)
    staff_sign_in(client, owner)
    assert client.get(CODES).status_code == 405
    assert "10 recovery codes are left." in client.get(CHECK).content.decode()
    page = client.post(CODES).content.decode()
    new = re.findall(r"<code>([A-Z2-7-]{19})</code>", page)
    assert len(new) == 10
    assert refusal_of(owner, old[0]) == ErrorCode.VALIDATION_INVALID
    assert second_factor_verify(user=owner, code=new[0].lower().replace("-", " "))


@pytest.mark.parametrize(
    "place", ["https://evil.example/", "//evil.example", "javascript:alert(1)"]
)
def test_nobody_is_sent_elsewhere(client: Client, owner: User, place: str) -> None:
    device, _codes = enrolled(owner)
    signed_in(client)
    assert escape(place) not in client.get(CHECK, {"next": place}).content.decode()
    passed = client.post(CHECK, {"code": code_of(device.bin_key), "next": place})
    assert passed.headers["Location"] == HOME


def test_readers_see_none_of_it(client: Client, db: None) -> None:
    client.force_login(User.objects.create_user("reader"))
    for address in (CHECK, DEVICE, CODES):
        assert client.post(address, {"code": "123456"}).headers["Location"] == "/admin/login/"
    assert not TOTPDevice.objects.exists()


def test_who_cannot_go_on_can_sign_out(client: Client, owner: User) -> None:
    signed_in(client)
    client.post("/admin/logout/")
    assert "_auth_user_id" not in client.session


def test_an_installation_may_do_without(
    client: Client, owner: User, settings: LazySettings
) -> None:
    settings.ADMIN_SECOND_FACTOR_REQUIRED = False
    assert signed_in(client).redirect_chain[-1][0] == HOME


def test_secrets_of_devices_are_nowhere_in_the_admin(client: Client, owner: User) -> None:
    staff_sign_in(client, owner)
    assert client.get("/admin/otp_totp/totpdevice/").status_code == 404
    assert "totpdevice" not in client.get(HOME).content.decode()


def test_a_code_is_good_once(owner: User) -> None:
    device, codes = enrolled(owner)
    code = code_of(device.bin_key)
    assert second_factor_verify(user=owner, code=code) == device
    assert refusal_of(owner, code) == ErrorCode.VALIDATION_INVALID
    assert second_factor_verify(user=owner, code=codes[0]) == device
    assert refusal_of(owner, codes[0]) == ErrorCode.RATE_LIMITED
    assert recovery_codes_left(user=owner) == 9


def test_codes_of_another_person_do_not_count(owner: User) -> None:
    other = User.objects.create_superuser("other", password=None)
    enrolled(owner)
    _device, codes = enrolled(other)
    assert refusal_of(owner, codes[0]) == ErrorCode.VALIDATION_INVALID
    assert recovery_codes_left(user=other) == 10


def test_recovery_codes_are_stored_as_hashes(owner: User) -> None:
    _device, codes = enrolled(owner)
    stored = set(RecoveryCode.objects.values_list("code_hash", flat=True))
    letters = codes[0].replace("-", "")
    assert hashlib.sha256(f"{owner.pk}:{letters}".encode()).hexdigest() in stored
    assert not stored & {code.replace("-", "") for code in codes}


def test_guessing_waits_longer_each_time_and_never_for_ever(owner: User) -> None:
    device, codes = enrolled(owner)
    for _guess in range(14):
        assert refusal_of(owner, "not it") == ErrorCode.VALIDATION_INVALID
        assert refusal_of(owner, code_of(device.bin_key)) == ErrorCode.RATE_LIMITED
        _wait_over(device)
    device.refresh_from_db()
    assert device.throttling_failure_count == 10
    assert refusal_of(owner, "not it") == ErrorCode.VALIDATION_INVALID
    assert second_factor_verify(user=owner, code=codes[0])


def _wait_over(device: TOTPDevice) -> None:
    long_ago = clock.now() - timedelta(days=1)
    TOTPDevice.objects.filter(pk=device.pk).update(throttling_failure_timestamp=long_ago)


@pytest.mark.parametrize("kind", ["device", "recovery"])
@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_one_gets_in(kind: str) -> None:
    owner = User.objects.create_superuser("owner", password=None)
    device, codes = enrolled(owner)
    code = code_of(device.bin_key) if kind == "device" else codes[0]
    together, let_in = Barrier(8), []

    def attempt() -> None:
        together.wait()
        try:
            let_in.append(second_factor_verify(user=owner, code=code))
        except ApplicationError:
            pass
        finally:
            connection.close()

    threads = [Thread(target=attempt) for _thread in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert let_in == [device]


def test_everything_is_audited_without_the_codes(owner: User) -> None:
    _device, codes = enrolled(owner)
    second_factor_verify(user=owner, code=codes[0])
    refusal_of(owner, "654321")
    recovery_codes_renew(user=owner)
    second_factor_reset(user_id=owner.pk, actor=owner)
    entries = list(AuditEntry.objects.order_by("pk").values_list("action", "actor", "changes"))
    me = str(owner.pk)
    assert entries == [
        ("second_factor.enrol", me, {}),
        ("second_factor.verify", me, {"method": "recovery_code"}),
        ("second_factor.failure", me, {"reason": "code"}),
        ("second_factor.codes", me, {}),
        ("second_factor.reset", me, {}),
    ]


def test_a_reset_puts_out_whoever_came_in_with_the_device(client: Client, owner: User) -> None:
    staff_sign_in(client, owner)
    assert client.get(HOME).status_code == 200
    second_factor_reset(user_id=owner.pk, actor=None)
    assert client.get(HOME).status_code == 302
    assert client.get(HOME, follow=True).redirect_chain[-1][0].startswith(DEVICE)


def test_only_superusers_reset(owner: User) -> None:
    clerk = User.objects.create_user("clerk", is_staff=True)
    enrolled(owner)
    with pytest.raises(ApplicationError) as refused:
        second_factor_reset(user_id=owner.pk, actor=clerk)
    assert refused.value.code == ErrorCode.PERMISSION_DENIED
    assert TOTPDevice.objects.exists()


def test_a_stale_code_of_minutes_ago_is_refused(owner: User) -> None:
    device, _codes = enrolled(owner)
    TOTPDevice.objects.update(last_t=-1)
    old = TOTP(device.bin_key)
    old.time = time.time() - 120
    assert refusal_of(owner, f"{old.token():06d}") == ErrorCode.VALIDATION_INVALID


def test_the_pages_carry_their_addresses() -> None:
    names = ("second_factor", "second_factor_device", "second_factor_codes")
    assert [reverse(f"admin:{name}") for name in names] == [CHECK, DEVICE, CODES]


def test_the_drawing_keeps_its_margin_at_any_size(client: Client, owner: User) -> None:
    client.force_login(owner)
    page = client.get(DEVICE).content.decode()
    (drawing,) = re.findall(r'<svg[^>]*class="qr"[^>]*>', page)
    device = TOTPDevice.objects.get(user=owner)
    side = segno.make(device.config_url, error="m", micro=False).symbol_size(border=4)[0]
    assert f'viewBox="0 0 {side} {side}"' in drawing
    assert "width=" not in drawing
