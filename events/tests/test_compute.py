from __future__ import annotations

import subprocess
import sys
import time
from datetime import UTC, datetime
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from astronomy import provider
from events.kinds import COMPUTED
from events.models import ComputedWindow, Event
from events.selectors import spans_stored
from events.services.window import window_around, window_widen
from events.tasks import announce_due, publish_scheduled, widen_window
from events.windows import Span
from starscal.testing.live import stack_environment

YEAR_2001 = Span(datetime(2001, 1, 1, tzinfo=UTC), datetime(2002, 1, 1, tzinfo=UTC))


def compute(*args: str) -> str:
    out = StringIO()
    call_command("compute", *args, stdout=out, stderr=StringIO())
    return out.getvalue()


@pytest.mark.slow
def test_years_are_stored_inclusively(db: None) -> None:
    assert "0 changed" in compute("--from", "2001", "--to", "2001")
    assert spans_stored(span=YEAR_2001, families=tuple(COMPUTED)) == [YEAR_2001]
    assert Event.objects.between(*YEAR_2001).count() == Event.objects.count() > 50


@pytest.mark.slow
def test_computing_again_changes_nothing(db: None) -> None:
    compute("--from", "2001", "--to", "2001")
    assert compute("--from", "2001", "--to", "2001") == "0 events new, 0 changed.\n"
    assert compute("--from", "2001", "--to", "2001", "--again") == "0 events new, 0 changed.\n"


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_killed_run_goes_on_where_it_stopped() -> None:
    years = ("--from", "2001", "--to", "2004")
    command = [sys.executable, "manage.py", "compute", *years]
    with subprocess.Popen(command, env=stack_environment(), cwd=settings.BASE_DIR) as running:
        deadline = time.monotonic() + 60.0
        while not ComputedWindow.objects.exists():
            assert time.monotonic() < deadline
            assert running.poll() is None
        running.kill()
    kept = set(Event.objects.values_list("key", flat=True))
    whole = Span(YEAR_2001.start, datetime(2005, 1, 1, tzinfo=UTC))
    (stored,) = spans_stored(span=whole, families=tuple(COMPUTED))
    assert stored.end < whole.end
    assert {event.key for event in Event.objects.between(*stored)} == kept
    said = compute(*years)
    found = provider.occurrences_between(start=whole.start, end=whole.end, families=tuple(COMPUTED))
    assert said == f"{len(found) - len(kept)} events new, 0 changed.\n"
    assert set(Event.objects.values_list("key", flat=True)) == {event.key for event in found}


def test_months_start_with_the_present_one(db: None) -> None:
    compute("--months", "2")
    assert Event.objects.count() >= 8


@pytest.mark.parametrize(
    ("args", "says"),
    [
        pytest.param((), "--from YEAR and --to YEAR", id="nothing"),
        pytest.param(("--from", "1899", "--to", "1900"), "1900 to 2100", id="too early"),
        pytest.param(("--from", "2100", "--to", "2101"), "1900 to 2100", id="too late"),
        pytest.param(("--from", "2002", "--to", "2001"), "not after", id="inverted"),
        pytest.param(("--months", "0"), "1 to 2412", id="no months"),
        pytest.param(("--months", "3", "--from", "2001"), "either", id="both"),
    ],
)
def test_wrong_arguments_say_what_is_allowed(db: None, args: tuple[str, ...], says: str) -> None:
    with pytest.raises(CommandError, match=says):
        compute(*args)


def test_the_window_is_whole_years_inside_the_product() -> None:
    early = window_around(at=datetime(1900, 5, 1, tzinfo=UTC), years_back=1, years_ahead=5)
    late = window_around(at=datetime(2099, 5, 1, tzinfo=UTC), years_back=1, years_ahead=5)
    assert (early.start.year, early.end.year) == (1900, 1906)
    assert (late.start.year, late.end.year) == (2098, 2101)


@pytest.mark.slow
def test_the_window_is_computed_once(db: None) -> None:
    assert window_widen(span=YEAR_2001).created > 50
    assert window_widen(span=YEAR_2001).writes == 0


@pytest.mark.slow
def test_the_tasks_may_run_twice(db: None) -> None:
    assert widen_window() > 0
    assert widen_window() == 0
    assert announce_due() >= 0
    assert announce_due() == 0
    assert publish_scheduled() == 0
