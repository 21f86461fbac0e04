from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from astronomy import provider
from astronomy.occurrence import Occurrence
from events.facts import Facts
from events.kinds import COMPUTED, texts_for
from events.memo import SentenceMemo
from events.rendering import words_said
from events.tests.conftest import SUMMER_2026
from starscal.core.i18n import language_active

AT = datetime(2026, 6, 1, tzinfo=UTC)


def facts(*bodies: str, at: datetime = AT, **details: Any) -> Facts:
    return Facts("kind", bodies, details, at)


class Counting:
    """A text that counts how often it is written."""

    def __init__(self, text: Callable[[Facts], str]) -> None:
        self.text = text
        self.written = 0

    def __call__(self, asked: Facts) -> str:
        self.written += 1
        return self.text(asked)


def test_what_a_text_does_not_read_makes_no_difference() -> None:
    text, memo = Counting(lambda f: f"{f.body} in {f.details['sign']}"), SentenceMemo()
    assert memo.say(text, facts("mars", sign="leo", longitude_deg=120.1)) == "mars in leo"
    assert memo.say(text, facts("mars", sign="leo", longitude_deg=120.2)) == "mars in leo"
    assert text.written == 1
    assert memo.say(text, facts("mars", sign="virgo")) == "mars in virgo"
    assert memo.say(text, facts("venus", sign="leo")) == "venus in leo"


def test_a_branch_not_taken_before_is_noticed() -> None:
    def told(f: Facts) -> str:
        return f"{f.details['rate']} an hour" if f.details["by_night"] else "by day"

    memo = SentenceMemo()
    said = [
        memo.say(told, facts(by_night=night, rate=rate))
        for night, rate in ((False, 1), (False, 2), (True, 3), (True, 4), (False, 5), (True, 3))
    ]
    assert said == ["by day", "by day", "3 an hour", "4 an hour", "by day", "3 an hour"]


def test_what_is_rounded_alike_is_written_once() -> None:
    text, memo = Counting(lambda f: f"{f.rounded('span_deg', 1)}"), SentenceMemo()
    said = [memo.say(text, facts(span_deg=span)) for span in (9.51, 9.54, 9.57, 9.5)]
    assert said == ["9.5", "9.5", "9.6", "9.5"]
    assert text.written == 2


def test_a_part_that_depends_on_what_is_given_alone_is_written_once() -> None:
    parts: list[int] = []

    def part(number: int) -> str:
        parts.append(number)
        return f"part {number}"

    memo = SentenceMemo()
    said = [
        memo.say(lambda f: f"{f.details['n']}: {f.once(part, f.details['n'] % 2)}", facts(n=n))
        for n in range(6)
    ]
    assert said == [f"{n}: part {n % 2}" for n in range(6)]
    assert parts == [0, 1]
    assert facts(n=1).once(part, 1) == "part 1"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(lambda f: f"{f.at:%Y-%m-%d}", id="the instant"),
        pytest.param(lambda f: ", ".join(f.details), id="the names of all facts"),
        pytest.param(lambda f: str(f.details.get("zhr")), id="a fact that may be missing"),
        pytest.param(lambda f: " ".join(f.details.get("rules", ())), id="a list"),
        pytest.param(lambda f: str(len(f.details)), id="their number"),
    ],
)
def test_everything_that_can_be_read_tells_events_apart(text: Callable[[Facts], str]) -> None:
    memo = SentenceMemo()
    asked = [
        facts(),
        facts(zhr=100),
        facts(at=AT + timedelta(days=1)),
        facts(zhr=None, rules=["nolle"]),
        facts(zhr=100, rules=["distance"]),
    ]
    assert [memo.say(text, one) for one in asked * 2] == [text(one) for one in asked * 2]


def test_a_memo_never_grows_past_its_limit() -> None:
    memo = SentenceMemo(limit=10)
    for number in range(95):
        memo.say(lambda f: str(f.details["n"]), facts(n=number))
        assert len(memo) <= 10


@pytest.fixture(scope="module")
def season() -> list[Occurrence]:
    start, end = SUMMER_2026
    return provider.occurrences_between(start=start, end=end, families=tuple(COMPUTED))


@pytest.mark.parametrize("language", ["en", "ru", "ja"])
def test_remembered_words_are_those_that_would_be_written(
    season: list[Occurrence], language: str
) -> None:
    with language_active(language):
        for occurrence in season:
            asked = Facts.of(occurrence)
            words = texts_for(asked)
            assert words_said(asked, language) == (words["title"], words["description"])
