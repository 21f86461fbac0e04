from __future__ import annotations

import random

import pytest

from starscal.core.word_diff import STEPS_MOST, Part, words_compared


def shown(old: str, new: str, language: str) -> list[tuple[str, str]]:
    return [(part.kind, part.text) for part in words_compared(old, new, language=language)]


@pytest.mark.parametrize(
    ("language", "old", "new", "parts"),
    [
        pytest.param(
            "en", "Full Moon", "Full Moon in Capricorn",
            [("same", "Full Moon"), ("new", " in Capricorn")],
            id="more words",
        ),
        pytest.param(
            "de", "Der volle Mond steht hoch.", "Der Vollmond steht hoch.",
            [("same", "Der "), ("gone", "volle Mond"), ("new", "Vollmond"),
             ("same", " steht hoch.")],
            id="neighbours are one change",
        ),
        pytest.param(
            "hi", "पूर्णिमा की रात", "पूर्णिमा का दिन",
            [("same", "पूर्णिमा "), ("gone", "की रात"), ("new", "का दिन")],
            id="words keep their vowel signs",
        ),
        pytest.param(
            "ja", "満月は山羊座にあります", "満月は水瓶座にあります",
            [("same", "満月は"), ("gone", "山羊"), ("new", "水瓶"), ("same", "座にあります")],
            id="kanji sign by sign",
        ),
        pytest.param(
            "zh-hans", "满月2026年", "新月2027年",
            [("gone", "满"), ("new", "新"), ("same", "月"), ("gone", "2026"), ("new", "2027"),
             ("same", "年")],
            id="numbers stay whole",
        ),
        pytest.param(
            "hy", "Լիալուսին", "Նորալուսին", [("gone", "Լիալուսին"), ("new", "Նորալուսին")],
            id="words of Armenian stay whole",
        ),
        pytest.param("fr", "", "Lune", [("new", "Lune")], id="written"),
        pytest.param("fr", "Lune", "", [("gone", "Lune")], id="emptied"),
        pytest.param("ru", "Луна", "Луна", [("same", "Луна")], id="equal"),
        pytest.param("ru", "", "", [], id="nothing"),
    ],
)  # fmt: skip
def test_a_change_is_told_by_words(
    language: str, old: str, new: str, parts: list[tuple[str, str]]
) -> None:
    assert shown(old, new, language) == parts


@pytest.mark.parametrize("language", ["en", "hi", "ja", "zh-hans"])
def test_the_parts_make_up_both_texts(language: str) -> None:
    chance = random.Random(language)
    signs = "ab éक्षि月かナ 12.,\n🌕\u200d"
    for _round in range(300):
        old, new = ("".join(chance.choices(signs, k=chance.randrange(25))) for _side in "on")
        parts = words_compared(old, new, language=language)
        assert "".join(part.text for part in parts if part.kind != "new") == old
        assert "".join(part.text for part in parts if part.kind != "gone") == new
        assert all(part.text for part in parts)


def test_a_very_long_text_is_not_compared() -> None:
    old, new = "a " * STEPS_MOST, "b " * STEPS_MOST
    assert words_compared(old, new, language="en") == [Part("gone", old), Part("new", new)]
