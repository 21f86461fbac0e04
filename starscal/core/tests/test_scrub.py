from __future__ import annotations

import pytest

from starscal.core.scrub import CHARACTERS, REMOVED, scrub_named, scrub_text, scrub_value


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        pytest.param("Key (email)=(ann.b+c@mail.example) exists", "Key (email)=([e-mail]) exists"),
        pytest.param("from 203.0.113.7:51234", "from [address]:51234"),
        pytest.param("from 2001:db8::7 and fe80::1", "from [address] and [address]"),
        pytest.param("uri=/api/v1/events?lang=ru&q=x done", "uri=/api/v1/events?[removed] done"),
        pytest.param("redis://user:pw@host:6379/0", "redis://[removed]@host:6379/0"),
        pytest.param("Authorization: Bearer abcdef123456", "Authorization: Bearer [token]"),
        pytest.param("got eyJhbGciOi.eyJzdWIi.c2ln", "got [token]"),
        pytest.param(
            "POST https://t.example/bot123456789:AAE-abcdefghijklmnopqrstuvwxyz_0123/send",
            "POST https://t.example/bot[token]/send",
        ),
    ],
)
def test_what_is_personal_or_secret_is_removed(text: str, kept: str) -> None:
    assert scrub_text(text) == kept


@pytest.mark.parametrize(
    "text",
    [
        "moon-full-2026-12-24",
        "2026-12-24T01:28:12.345Z at 12:34:56",
        "Listening on 127.0.0.1:8000 and ::1",
        "starscal/core/tests/test_scrub.py::test_it",
        "f7a7c0c8-3a5e-4a3c-9f27-6f0d3ab9e0d2",
        "Is it full? Yes.",
        "Луна в Близнецах",
    ],
)
def test_what_is_neither_stays(text: str) -> None:
    assert scrub_text(text) == text


def test_names_that_say_secret_hide_any_value() -> None:
    assert scrub_named("Authorization", "x") == REMOVED
    assert scrub_value({"a": {"password": "x", "kept": [1, None, "y"]}}) == {
        "a": {"password": REMOVED, "kept": [1, None, "y"]}
    }


@pytest.mark.parametrize(
    "piece",
    ["a", "1.", "::", "a@", "://", "a.b-", "eyJ-", "eyJ.", "/?a=", "1:", "bearer ", "1234567:"],
)
def test_no_text_is_searched_beyond_its_first_characters(piece: str) -> None:
    """What a pattern costs at most, it costs here; one that never ends meets the time-out."""
    whole, end = piece * 100_000, " ann@mail.example"
    text = scrub_text(whole + end)
    assert text.endswith(" [cut]")
    assert len(text) <= 2 * CHARACTERS
    assert "ann" not in text
    assert scrub_text(whole) == text


def test_endless_nesting_is_cut() -> None:
    nest: list[object] = []
    nest.append(nest)
    assert REMOVED in str(scrub_value(nest))
