"""Nobody learns who has an account; whoever owns the address gets one."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import close_old_connections
from django.db.models.functions import Lower

from accounts.models import Mail, Registration, User
from accounts.services.registration import user_register
from accounts.services.verification import registration_verify, registrations_expire
from accounts.tests.people_support import PASSWORD, call, letters, person, pointers, token_in
from starscal.core import clock
from starscal.core.exceptions import ApplicationError
from starscal.core.models import AuditEntry

pytestmark = pytest.mark.django_db
WISH = {"username": "Vera", "email": "vera@example.org", "password": PASSWORD}


def register(**fields: Any) -> Any:
    return call("post", "/auth/register", WISH | fields)


def test_a_confirmed_address_becomes_an_account() -> None:
    answer = register(language="pt", timezone="America/Sao_Paulo")
    assert answer.status_code == 202
    assert not User.objects.exists()
    (letter,) = letters()
    assert letter.to == ["vera@example.org"]
    assert letter.extra_headers["Content-Language"] == "pt-BR"
    done = call("post", "/auth/verify", {"token": token_in(letter)})
    assert (done.status_code, done.json()) == (200, {"username": "Vera"})
    user = User.objects.get()
    assert (user.username, user.language, user.timezone) == ("Vera", "pt-br", "America/Sao_Paulo")
    assert user.check_password(PASSWORD)
    assert user.email_verified_at
    assert not Registration.objects.exists()
    assert AuditEntry.objects.filter(action="user.register", object_id=str(user.pk)).exists()


def test_a_link_works_once_and_for_a_day() -> None:
    register()
    token = token_in(letters()[0])
    with time_machine.travel(clock.now() + timedelta(hours=25), tick=False):
        late = call("post", "/auth/verify", {"token": token})
    assert (late.status_code, late.json()["code"]) == (400, "link.invalid")
    assert call("post", "/auth/verify", {"token": token}).status_code == 200
    assert call("post", "/auth/verify", {"token": token}).json()["code"] == "link.invalid"


@pytest.mark.parametrize("token", ["", "x", "a:b:c", "\x00", "é", "a" * 600, "W10:1x:abc"])
def test_a_made_up_link_opens_nothing(token: str) -> None:
    answer = call("post", "/auth/verify", {"token": token})
    assert (answer.status_code, answer.json()["code"]) == (400, "link.invalid")


def test_the_answer_for_a_known_address_is_the_same_and_the_letter_says_so() -> None:
    person("someone", email="Vera@Example.org")
    known, unknown = register(), register(username="Nova", email="nova@example.org")
    assert (known.status_code, known.content) == (unknown.status_code, unknown.content)
    for_known, for_unknown = letters()
    assert for_known.to == ["Vera@example.org"]
    assert "someone" in str(for_known.body)
    assert "verify" not in str(for_known.body)
    assert "verify" in str(for_unknown.body)
    # Nor does a name that is still free tell whether the address was known.
    for name in ("vera", "nova"):
        assert pointers(register(username=name, email="else@example.org")) == ["/username"]


def test_asking_again_sends_the_letter_again_and_keeps_the_first_password() -> None:
    register()
    register(password="another-good-password")
    first, second = letters()
    assert token_in(first) is not None
    registration_verify(token=token_in(second))
    assert User.objects.get().check_password(PASSWORD)


def test_of_two_registrations_of_one_address_the_first_to_confirm_wins() -> None:
    register()
    register(username="Other", email="VERA@example.org")
    first, second = map(token_in, letters())
    assert registration_verify(token=second).username == "Other"
    with pytest.raises(ApplicationError):
        registration_verify(token=first)
    assert User.objects.alias(folded=Lower("email")).filter(folded="vera@example.org").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_at_once_get_one_name_and_one_account() -> None:
    outcomes: list[str] = []
    barrier = threading.Barrier(4)

    def attempt(number: int) -> None:
        barrier.wait()
        try:
            user_register(username="Vera", email=f"{number}@example.org", password=PASSWORD)
            outcomes.append("kept")
        except ApplicationError as error:
            outcomes.append(str(error.code))
        finally:
            close_old_connections()

    in_threads([lambda number=number: attempt(number) for number in range(4)])
    assert sorted(outcomes) == ["kept", *["validation.profile_invalid"] * 3]
    token = token_in(letters()[0])
    made: list[str] = []

    def confirm() -> None:
        barrier.wait()
        try:
            made.append(registration_verify(token=token).username)
        except ApplicationError as error:
            made.append(str(error.code))
        finally:
            close_old_connections()

    in_threads([confirm] * 4)
    assert sorted(made) == ["Vera", "link.invalid", "link.invalid", "link.invalid"]


def in_threads(jobs: list[Any]) -> None:
    threads = [threading.Thread(target=job) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"username": "a"}, ["/username"]),
        ({"username": "аdmin"}, ["/username"]),
        ({"username": "support"}, ["/username"]),
        ({"username": "ve\u202era"}, ["/username"]),
        ({"username": "ve\x00ra"}, ["/username"]),
        ({"email": "no address"}, ["/email"]),
        ({"email": "vera\x00@example.org"}, ["/email"]),
        ({"email": "vérà@example.org"}, ["/email"]),
        ({"email": f"{'v' * 250}@example.org"}, ["/email"]),
        ({"password": "short"}, ["/password"]),
        ({"password": "vera@example.org"}, ["/password"]),
        ({"password": "x" * 2000}, ["/password"]),
        ({"language": "tlh"}, ["/language"]),
        ({"timezone": "Moon/Tycho"}, ["/timezone"]),
        ({"timezone": "../../etc/passwd"}, ["/timezone"]),
        ({"is_staff": "true"}, ["/is_staff"]),
        ({"username": 5}, ["/username"]),
    ],
)
def test_what_is_wrong_is_named(fields: dict[str, Any], wrong: list[str]) -> None:
    answer = register(**fields)
    assert answer.status_code == 400
    assert sorted(set(pointers(answer))) == wrong
    assert not Registration.objects.exists()


def test_everything_wrong_is_told_at_once_in_the_readers_language() -> None:
    answer = call(
        "post", "/auth/register", {"username": "a", "email": "x", "password": "y"}, language="de"
    )
    assert set(pointers(answer)) == {"/username", "/email", "/password"}


def test_a_registration_that_nobody_confirmed_frees_its_name() -> None:
    register()
    assert registrations_expire() == 0
    with time_machine.travel(clock.now() + timedelta(hours=25), tick=False):
        assert register(email="later@example.org").status_code == 202
        Registration.objects.update(expires_at=clock.now() - timedelta(seconds=1))
        assert registrations_expire() == 1
    assert not Mail.objects.exists()
