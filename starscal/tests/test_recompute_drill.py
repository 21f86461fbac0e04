"""T18: whatever the machine rewrites, as often and as rudely as it may, people's words stay."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

import pytest
from django.conf import settings
from django.db import OperationalError, connection

from accounts.models import User
from astronomy import provider
from astronomy.occurrence import Occurrence
from events.constraints import OVERRIDABLE
from events.kinds import COMPUTED
from events.models import Event, TextState
from events.rendering import ALL_LANGUAGES, GENERATED_FIELDS, facts_of, texts_rendered
from events.services.curation import EventEdit, event_hide, event_update
from events.services.generation import sky_generate
from events.services.overrides import Value, event_override
from events.tests.concurrency import in_own_connection
from events.windows import Span
from starscal.core.i18n import column
from starscal.core.models import Stream
from starscal.devservices.waiting import poll
from starscal.testing.drill import drill_full
from starscal.testing.live import sabotaged, stack_environment

# It holds the turn of a year, so a run has two transactions.
SPAN = Span(datetime(2026, 7, 1, tzinfo=UTC), datetime(2027, 7, 1, tzinfo=UTC))
FEW = ("moon_phases", "seasons", "solar_terms", "lunar_eclipses")
FAMILIES = tuple(COMPUTED) if drill_full() else FEW
EVENTS_LEAST = 2_000 if drill_full() else 75
AT = datetime(2026, 7, 1, 12, tzinfo=UTC)
WORDS = {"hy": "Մարդու խոսք", "ja": "人の言葉", "hi": "मनुष्य के शब्द", "zh-hans": "人写的话"}
CELLS = [(field, code) for field in GENERATED_FIELDS for code in ALL_LANGUAGES]
# New English would have texts of others wait for review, whose state is counted.
OTHER_CELLS = [cell for cell in CELLS if cell[1] != "en"]
PAUSE_S = 0.1
BOTH = ("recompute-one", "recompute-two")
RUN_TIMEOUT_S = 600.0
WRITING = """
    SELECT application_name FROM pg_stat_activity
    WHERE application_name LIKE 'recompute-%' AND backend_xid IS NOT NULL
"""
# What the machine wrote, as if by an older engine; what people wrote and decided stays.
OLDER = """
    UPDATE events_event e SET facts_hash = 'older', template_hash = 'older', {columns}
    FROM (
        SELECT e.id, array_remove(array_agg(s.field || '_' || replace(s.language, '-', '_')), NULL)
            AS people
        FROM events_event e
        LEFT JOIN events_textstate s ON s.event_id = e.id AND s.source <> 'generated'
        GROUP BY e.id
    ) cells WHERE cells.id = e.id
"""
OLDER_STATES = """
    UPDATE events_textstate SET generated_text = 'Older words', basis_text = 'Words before'
    WHERE field <> 'reflection'
"""
# Every version of every row: where it lies, and which transaction wrote it.
VERSIONS = "SELECT md5(string_agg(t.xmin || ' ' || t.ctid, ';' ORDER BY t.ctid)) FROM {} t"
TABLES = ("events_event", "events_textstate", "events_computedwindow", "core_outboxmessage")

Cells = dict[tuple[UUID, str], str]

pytestmark = [
    pytest.mark.drill("T18"),
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(1800),
]


class Runs:
    """Recomputations in processes of their own, forked from one that is ready for them."""

    def __init__(self, log: Path) -> None:
        ends = [SPAN.start.isoformat(), SPAN.end.isoformat()]
        module = ["-m", "events.tests.recomputing", *ends, *FAMILIES]
        self.told: dict[str, dict[str, Any]] = {}
        self.log = log
        with log.open("wb") as complaints:
            self.process = subprocess.Popen(
                [sys.executable, *sabotaged(module)], env=stack_environment(),
                cwd=settings.BASE_DIR, text=True, bufsize=1,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=complaints,
            )  # fmt: skip

    def start(self, *names: str) -> None:
        """Start some at once."""
        assert self.process.stdin is not None
        self.told = {name: {} for name in names}
        self.process.stdin.write(" ".join(names) + "\n")

    def hear(self, name: str, fact: str) -> int:
        """Return a fact of a run once it is told: ``pid``, ``updated`` or ``status``."""
        assert self.process.stdout is not None
        while fact not in self.told[name]:
            line = self.process.stdout.readline()
            assert line, self.log.read_text()[-2000:]
            told = json.loads(line)
            self.told[told["run"]] |= told
        return int(self.told[name][fact])

    def updated(self, name: str) -> int:
        """Wait for a run's end and return how many events it changed."""
        assert self.hear(name, "status") == 0, self.log.read_text()[-2000:]
        return self.hear(name, "updated")

    def kill(self, name: str) -> None:
        os.kill(self.hear(name, "pid"), signal.SIGKILL)
        assert self.hear(name, "status") == -signal.SIGKILL, "It had ended before."

    def stop(self) -> None:
        self.process.kill()
        self.process.communicate()


@pytest.fixture
def runs(transactional_db: None, tmp_path: Path) -> Iterator[Runs]:
    runs = Runs(tmp_path / "recomputing.log")
    yield runs
    runs.stop()


class Editor(threading.Thread):
    """Somebody who goes on writing while the machine recomputes."""

    def __init__(self, actor: User, events: list[UUID]) -> None:
        super().__init__()
        self.actor, self.events = actor, events
        self.chance = random.Random(18)
        self.written: Cells = {}
        self.waits = 0
        self.done = threading.Event()

    def run(self) -> None:
        in_own_connection(self.work)

    def work(self) -> None:
        while not self.done.wait(PAUSE_S):
            cell = (self.chance.choice(self.events), self.chance.choice(OTHER_CELLS))
            words = f"While it ran, {len(self.written)}"
            try:
                self.write(*cell, words)
            except OperationalError:  # a run held the event for longer than editors wait
                self.waits += 1

    def write(self, event: UUID, cell: tuple[str, str], words: str) -> None:
        field, code = cell
        edit = EventEdit(texts={column(field, code): words})
        event_update(event_id=event, actor=self.actor, edit=edit, at=AT)
        self.written[event, column(field, code)] = words


@contextmanager
def editing(actor: User, events: list[UUID], written: Cells) -> Iterator[Editor]:
    """Have somebody write meanwhile, and note what was written."""
    editor = Editor(actor, events)
    editor.start()
    try:
        yield editor
    finally:
        editor.done.set()
        editor.join()
    written |= editor.written
    assert editor.written, "Nobody wrote meanwhile."


def curated(actor: User, chance: random.Random) -> list[UUID]:
    """Have people edit a tenth of the texts, and decide about some events; return all events.

    They write half of the texts of every fifth event, of which some are overridden or hidden, too.
    """
    ids = list(Event.objects.order_by("key").values_list("pk", flat=True))
    for number, pk in enumerate(ids):
        if number % 5 == 0:
            edit_texts(pk, actor, chance.sample(CELLS, len(CELLS) // 2))
        if number % 10 == 1:
            fields = {"quantum_resonance": round(chance.random(), 3)}
            texts = {"reflection_hy": "Շնչիր։", "reflection_fr": "Respirez."}
            edit = EventEdit(fields, texts, revision=Event.objects.get(pk=pk).revision)
            event_update(event_id=pk, actor=actor, edit=edit, at=AT)
        if number % 24 == 10:
            override(pk, actor)
        if number % 50 == 25:
            event_hide(event_id=pk, actor=actor)
    return ids


def edit_texts(pk: UUID, actor: User, cells: list[tuple[str, str]]) -> None:
    texts = {
        column(field, code): f"{WORDS.get(code, 'Words of a person')} {pk.hex[:8]}"
        for field, code in cells
    }
    event_update(event_id=pk, actor=actor, edit=EventEdit(texts=texts), at=AT)


def override(pk: UUID, actor: User) -> None:
    event = Event.objects.get(pk=pk)
    values: dict[str, Value] = {"significance": 6 - event.significance}
    if event.begins_at is None:
        later = event.occurs_at + timedelta(minutes=7)
        values |= {"occurs_at": later, "ends_at": later + timedelta(hours=1)}
    event_override(
        event_id=pk, actor=actor, values=values, reason="Seen otherwise.", revision=None, at=AT
    )


def made_older() -> None:
    """Have everything that the machine wrote differ from what it would write."""
    parts = [
        f"{name} = CASE WHEN '{name}' = ANY(people) THEN {name} ELSE 'Older words' END"
        for name in (column(*cell) for cell in CELLS)
    ]
    for name, older in (
        ("significance", "e.{0} % 5 + 1"),
        ("occurs_at", "e.{0} + interval '1 minute'"),
    ):
        computed = f"computed_{name}"
        parts.append(
            f"{name} = CASE WHEN override_{name} IS NULL THEN {older.format(name)} ELSE {name} END"
        )
        parts.append(f"{computed} = {older.format(computed)}")
    with connection.cursor() as cursor:
        cursor.execute(OLDER.format(columns=", ".join(parts)))
        cursor.execute(OLDER_STATES)


def peoples_texts() -> Cells:
    """Return every text that a person wrote, as it is served."""
    states = TextState.objects.exclude(source=TextState.Source.GENERATED).select_related("event")
    return {
        (state.event_id, column(state.field, state.language)): state.event.text(
            state.field, state.language
        )
        for state in states
    }


def decisions() -> list[dict[str, Any]]:
    """Return what people decided about events."""
    names = ("quantum_resonance", "status", "override_reason", "override_by_id", "override_set_at")
    sets = [f"override_{name}" for name in OVERRIDABLE]
    return list(Event.objects.order_by("pk").values("pk", *names, *sets))


class Truth(NamedTuple):
    """What the machine would write."""

    occurrences: list[Occurrence]
    words: dict[str, dict[str, str]]

    @classmethod
    def now(cls) -> Truth:
        found = list(
            provider.occurrences_between(start=SPAN.start, end=SPAN.end, families=FAMILIES)
        )
        return cls(found, texts_rendered(found))

    def wrong_texts(self) -> int:
        """Count the machine's texts that are not what it would write, served or kept aside."""
        people = peoples_texts()
        events = {event.key: event for event in Event.objects.prefetch_related("text_states")}
        return sum(self._wrong(events[key], words, people) for key, words in self.words.items())

    def _wrong(self, event: Event, words: dict[str, str], people: Cells) -> int:
        states = {column(s.field, s.language): s for s in event.text_states.all()}
        served = sum(
            getattr(event, name) != text
            for name, text in words.items()
            if (event.pk, name) not in people
        )
        kept: int = sum(
            states[name].generated_text != words[name] for name in words.keys() & states
        )
        return int(served + kept)

    def wrong_facts(self) -> int:
        """Count the computed facts that are not what it would compute."""
        events = {event.key: event for event in Event.objects.all()}
        return sum(
            kept_fact(events[occurrence.key], name) != value
            for occurrence in self.occurrences
            for name, value in facts_of(occurrence).items()
            if name in OVERRIDABLE
        )


def kept_fact(event: Event, name: str) -> Any:
    """Return what the machine says, served or beside what staff set."""
    return getattr(event, f"computed_{name}" if name in event.overridden else name)


def wrong_states() -> int:
    """Count the texts of people whose state does not say whether the machine has moved on."""
    states = TextState.objects.exclude(source=TextState.Source.GENERATED)
    expected = {True: TextState.Status.OK, False: TextState.Status.STALE}
    return sum(s.status != expected[s.generated_text == s.basis_text] for s in states)


def versions() -> list[Any]:
    """Return what changes with any write at all."""
    found: list[Any] = list(Stream.objects.order_by("pk").values_list("pk", "last_seq"))
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(VERSIONS.format(table))
            found.append(cursor.fetchone())
    return found


def run_writing() -> str:
    """Return the name of the run that is in the middle of writing; empty if none is."""
    with connection.cursor() as cursor:
        cursor.execute(WRITING)
        row = cursor.fetchone()
    return str(row[0]) if row else ""


def one_killed_of_two(runs: Runs) -> int:
    """Start two at once, kill the one that writes; return what the other changed."""
    runs.start(*BOTH)
    found = poll(lambda: bool(run_writing()), timeout_s=RUN_TIMEOUT_S, interval_s=0.01)
    assert found, "No run began to write."
    victim = run_writing() or BOTH[0]
    runs.kill(victim)
    (survivor,) = {*BOTH} - {victim}
    return runs.updated(survivor)


def two_at_once(runs: Runs) -> int:
    """Start two at once; return what both changed."""
    runs.start(*BOTH)
    return sum(runs.updated(name) for name in BOTH)


def once(runs: Runs) -> int:
    """Run one by itself; return what it changed."""
    runs.start(BOTH[0])
    return runs.updated(BOTH[0])


def test_no_recomputation_touches_what_people_wrote(runs: Runs, figures: dict[str, Any]) -> None:
    actor = User.objects.create_superuser("curator", "curator@example.org", "x" * 20)
    list(sky_generate(gaps=[(FAMILIES, SPAN)]))
    ids = curated(actor, random.Random(18))
    truth, people, decided = Truth.now(), peoples_texts(), decisions()
    figures |= {"events": len(ids), "texts_of_people": len(people)}
    assert len(ids) >= EVENTS_LEAST
    assert len(people) >= len(ids) * len(CELLS) // 10
    rounds = {"killed": one_killed_of_two, "twice": two_at_once, "once": once}
    for name, run in rounds.items():
        made_older()
        with editing(actor, ids, people) as editor:
            figures[f"{name}_rewrote"] = run(runs)
        figures[f"{name}_edits_meanwhile"] = len(editor.written)
        served = peoples_texts()
        lost = sum(served.get(cell) != words for cell, words in people.items())
        figures[f"{name}_lost"] = lost
        figures[f"{name}_wrong"] = wrong = [
            truth.wrong_texts(), truth.wrong_facts(), wrong_states()
        ]  # fmt: skip
        assert (lost, wrong) == (0, [0, 0, 0])
        assert decisions() == decided
    assert figures["twice_rewrote"] == figures["once_rewrote"] == len(ids)
    stale = TextState.objects.filter(status=TextState.Status.STALE)
    figures["stale"] = stale.count()
    before = versions()
    again = list(sky_generate(gaps=[(FAMILIES, SPAN)]))
    figures["last_run_writes"] = sum(part.result.writes for part in again)
    assert figures["last_run_writes"] == 0
    assert versions() == before
