from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from pytest_django import Settings

from starscal.core import errors
from starscal.core.errors import error_groups_collect, error_record, fault_of, sample_of
from starscal.core.models import ErrorGroup
from starscal.core.redis_client import quick_redis, redis_key


@pytest.fixture(autouse=True)
def no_errors_yet() -> Iterator[None]:
    def forget() -> None:
        names = (errors.COUNTS, errors.FACTS)
        taken = [f"{name}:taken" for name in names]
        quick_redis().delete(*map(redis_key, [*names, *taken]))
        errors.Pause.until = 0.0

    forget()
    yield
    forget()


def divide() -> None:
    _ = 1 // 0


def look_up() -> None:
    secret = "a-local-that-nobody-may-see"
    known: dict[str, str] = {}
    _ = known[secret[:0]]


def caught(action: Callable[[], object]) -> Exception:
    try:
        action()
    except Exception as error:  # noqa: BLE001 - the test wants whatever it is
        return error
    pytest.fail("It did not raise.")


def test_same_type_and_place_are_one_group() -> None:
    first, second = fault_of(caught(divide)), fault_of(caught(divide))
    assert first == second
    assert first.kind == "builtins.ZeroDivisionError"
    assert first.place == f"{__name__}.divide"
    assert first.fingerprint != fault_of(caught(look_up)).fingerprint


def test_the_innermost_own_frame_counts_inside_a_library() -> None:
    def through_a_library() -> None:
        subprocess.run([sys.executable, "-c", "raise SystemExit(3)"], check=True)

    assert fault_of(caught(through_a_library)).place.endswith("through_a_library")


def test_an_exception_that_was_never_raised_has_a_group_too() -> None:
    assert fault_of(ValueError("x")).place == ""


def test_a_sample_shows_no_locals_and_no_addresses() -> None:
    sample = sample_of(caught(look_up))
    assert "KeyError" in sample
    assert "a-local-that" not in sample.replace('secret = "a-local-that-nobody-may-see"', "")
    assert "ann@" not in sample_of(ValueError("ann@mail.example"))


@pytest.mark.django_db
def test_counts_are_carried_over_once() -> None:
    fingerprint = ""
    for _ in range(3):
        fingerprint = error_record(exception=caught(divide), where="relay")
    assert error_groups_collect() == 1
    assert error_groups_collect() == 0
    group = ErrorGroup.objects.get(pk=fingerprint)
    assert (group.count, group.where) == (3, "relay")
    assert "ZeroDivisionError" in group.sample
    error_record(exception=caught(divide), where="relay")
    error_groups_collect()
    later = ErrorGroup.objects.get(pk=fingerprint)
    assert (later.count, later.first_seen) == (4, group.first_seen)
    assert later.last_seen > group.last_seen


@pytest.mark.django_db
def test_counts_of_a_death_midway_are_carried_over_next_time() -> None:
    error_record(exception=caught(divide), where="task")
    for name in (errors.COUNTS, errors.FACTS):
        quick_redis().rename(redis_key(name), redis_key(f"{name}:taken"))
    assert error_groups_collect() == 1
    assert ErrorGroup.objects.get().count == 1


@pytest.mark.django_db
def test_one_exception_that_passes_two_handlers_counts_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    error = caught(divide)
    assert error_record(exception=error, where="api") == error_record(
        exception=error, where="request"
    )
    error_groups_collect()
    assert ErrorGroup.objects.get().count == 1
    assert [record.name for record in caplog.records].count("starscal.errors") == 1


@pytest.mark.django_db
def test_it_may_be_called_in_a_broken_transaction() -> None:
    def break_it() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            try:
                cursor.execute("SELECT nothing")
            except DatabaseError as error:
                error_record(exception=error, where="task")
                raise

    with pytest.raises(DatabaseError):
        break_it()
    assert error_groups_collect() == 1


async def test_it_may_be_called_in_an_event_loop() -> None:
    assert error_record(exception=caught(divide), where="hub")
    assert quick_redis().hlen(redis_key(errors.COUNTS)) == 1


def test_it_never_raises_when_redis_is_gone(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.REDIS_URL = "unix:///nowhere/redis.sock"
    quick_redis.cache_clear()
    try:
        assert error_record(exception=caught(divide), where="hub")
        assert error_record(exception=caught(divide), where="hub")
    finally:
        quick_redis.cache_clear()
    events = [record.msg["event"] for record in caplog.records if isinstance(record.msg, dict)]
    assert events.count("error") == 2
    assert events.count("error.not_kept") == 1  # the second did not wait for Redis again


@pytest.mark.django_db
def test_the_groups_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(errors, "GROUPS_PENDING", 3)
    monkeypatch.setattr(errors, "GROUPS_KEPT", 2)
    for number in range(6):
        kind = type(f"Fault{number}", (Exception,), {})
        error_record(exception=kind(), where="task")
    assert quick_redis().hlen(redis_key(errors.COUNTS)) == 3
    assert error_groups_collect() == 3
    kinds = ErrorGroup.objects.order_by("kind").values_list("kind", flat=True)
    assert [kind.rpartition(".")[2] for kind in kinds] == ["Fault1", "Fault2"]


@pytest.mark.django_db
def test_a_failing_view_is_recorded_once_with_its_request(
    client: Client, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.ROOT_URLCONF = "starscal.core.tests.urls_for_tests"
    client.raise_request_exception = False
    answer = client.get("/boom", headers={"X-Request-ID": "req-9"})
    assert answer.status_code == 500
    (line,) = [r.msg for r in caplog.records if r.name == "starscal.errors"]
    assert isinstance(line, dict)
    assert (line["request_id"], line["where"]) == ("req-9", "request")
    error_groups_collect()
    group = ErrorGroup.objects.get()
    assert group.fingerprint == line["fingerprint"]
    assert group.place == "starscal.core.tests.urls_for_tests.boom"
    assert "ann@" not in group.sample
