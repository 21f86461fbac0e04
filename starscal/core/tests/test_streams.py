"""A stream is opened once, and forgotten with all that was said in it."""

from __future__ import annotations

import pytest

from starscal.core.models import OutboxMessage
from starscal.core.selectors import stream_cursor
from starscal.core.streams import stream_forget, stream_open
from starscal.core.tests.test_outbox import say


@pytest.mark.django_db
def test_a_forgotten_stream_leaves_nothing_and_comes_back_as_another() -> None:
    before = stream_open(name="me:7")
    assert [say("a", "b", stream="me:7"), say("c", stream="me:8")] == [[1, 2], [1]]
    assert [stream_forget(name="me:7"), stream_forget(name="me:7")] == [2, 0]
    assert stream_cursor(name="me:7") is None
    assert list(OutboxMessage.objects.values_list("key", flat=True)) == ["c"]
    again = stream_open(name="me:7")
    assert again.seq == 0
    assert again.epoch != before.epoch
