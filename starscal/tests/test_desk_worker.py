"""Jobs of the desk while their worker is killed: nothing lost, nothing twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from accounts.models import User
from events.desk.selection import EventSelection
from events.kinds import COMPUTED
from events.models import Event
from events.models.desk import DeskJob
from events.services.generation import event_generate
from events.services.jobs import desk_job_create
from events.tests.conftest import SUMMER_2026
from starscal.core.models import AuditEntry, OutboxMessage
from starscal.core.redis_client import quick_redis, redis_key
from starscal.devservices.waiting import poll
from starscal.testing.live import LiveProcess, new_worker


@pytest.fixture
def worker(transactional_db: None, tmp_path: Path) -> Iterator[LiveProcess]:
    quick_redis().delete(*quick_redis().keys(redis_key("*")) or ["none"])
    process = new_worker(tmp_path, "--with-beat", "-s", str(tmp_path / "schedule"))
    yield process
    process.kill()


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_killing_the_worker_loses_and_doubles_nothing(worker: LiveProcess) -> None:
    curator = User.objects.create_superuser("curator", password=None)
    event_generate(span=SUMMER_2026, families=tuple(COMPUTED))
    count = Event.objects.update(status="draft")
    before = dict(Event.objects.values_list("pk", "revision"))
    job = desk_job_create(kind="publish", asked=EventSelection(statuses=("draft",)), actor=curator)

    def done() -> int:
        return DeskJob.objects.values_list("done", flat=True).get(pk=job.pk)

    for share in (0.1, 0.5):
        worker.start()
        assert poll(lambda share=share: done() > count * share, timeout_s=240, interval_s=0.01)  # type: ignore[misc]
        worker.kill()
        assert done() < count
        if share < 0.5:  # once it runs out by itself, once we need not wait
            DeskJob.objects.filter(pk=job.pk).update(lease_until=None)
    worker.start()
    assert poll(lambda: not DeskJob.objects.get(pk=job.pk).is_open, timeout_s=240, interval_s=0.2)
    job.refresh_from_db()
    assert (job.status, job.done, job.skipped, job.refused) == ("done", count, 0, 0)
    keys = OutboxMessage.objects.filter(kind="event.published").values_list("key", flat=True)
    assert len(keys) == len(set(keys)) == count
    trail = Counter(AuditEntry.objects.filter(action="event.published").values_list("object_id"))
    assert set(trail.values()) == {1}
    assert {pk: n + 1 for pk, n in before.items()} == dict(
        Event.objects.values_list("pk", "revision")
    )
