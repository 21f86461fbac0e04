"""Words of figures in every script: whole, shaped, in their place, and never a box."""

from __future__ import annotations

import re
from typing import Final

import pytest
import uharfbuzz as hb

from events.figures.letters import shaped, words_outlined
from events.figures.palette import THEMES, Theme
from events.figures.png import OUTLINED, font_files, png_bytes
from events.figures.svg import Drawing, svg_text, words
from events.tests.figure_support import EXAMPLES, LANGUAGES, document, drawn, example, texts

UNKNOWN: Final = "\U0010ffff"  # no font has a sign for it
SCRIPTS: Final = {"hi": "[\u0904-\u0939]", "hy": "[\u0531-\u0587]"}


def labels(family: str, language: str) -> list[str]:
    return texts(document(example(family), language))


def outlined(text: str, language: str, kind: str = "text") -> str:
    """Return the path that stands for a text at 240, 40."""
    return words_outlined(words(text, 240.0, 40.0, kind), language)


def across(outline: str) -> tuple[float, float]:
    """Return where the outline begins and ends, from left to right."""
    data = "".join(re.findall(r' d="([^"]*)"', outline))
    places = [float(x) for x, _y in re.findall(r"(-?[\d.]+) (-?[\d.]+)", data)]
    return min(places), max(places)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_font_has_every_sign_of_every_figure(language: str) -> None:
    written = {sign for family in EXAMPLES for text in labels(family, language) for sign in text}
    fonts = [hb.Font(hb.Face(hb.Blob.from_file_path(file))) for file in font_files()]

    def is_missing(sign: str) -> bool:
        if language in OUTLINED:
            return any(glyph.number == 0 for glyph in shaped(sign, language))
        return not any(font.get_nominal_glyph(ord(sign)) for font in fonts)

    assert is_missing(UNKNOWN)
    assert {sign for sign in written if is_missing(sign)} == set()


@pytest.mark.parametrize("language", SCRIPTS)
@pytest.mark.parametrize("family", EXAMPLES)
def test_figures_are_labelled_in_the_language_and_without_a_box(family: str, language: str) -> None:
    found = labels(family, language)
    assert re.search(SCRIPTS[language], "".join(found))
    assert all(glyph.number for text in found for glyph in shaped(text, language))


@pytest.mark.parametrize("letters", ["क्ष", "ज्ञ", "त्र", "श्र", "ष्ठ", "द्र"])
def test_devanagari_letters_join(letters: str) -> None:
    """Consonant, virama and consonant are one shape; a non-joiner keeps them apart."""
    assert len(letters) == 3
    assert len(shaped(letters, "hi")) == 1
    assert len(shaped(letters.replace("\u094d", "\u094d\u200c"), "hi")) > 1


def test_a_vowel_sign_stands_before_the_letter_it_follows() -> None:
    (letter,) = shaped("क", "hi")
    numbers = [glyph.number for glyph in shaped("कि", "hi")]
    assert numbers.index(letter.number) == 1


@pytest.mark.parametrize(
    ("language", "text"),
    [("hi", "30° उत्तर"), ("hi", "शुक्र 12′ (UTC)"), ("hy", "30° Լուսին"), ("hy", "ՀՍ և 5″")],
)
def test_no_sign_is_lost_where_fonts_mix(language: str, text: str) -> None:
    whole = outlined(text, language).count("M")
    assert whole == sum(outlined(part, language).count("M") for part in text.split())


def test_words_begin_end_or_are_centred_where_they_are_anchored() -> None:
    start, middle, end = (
        across(outlined("30° चन्द्र", "hi", kind)) for kind in ("text", "text middle", "text end")
    )
    assert start[0] == pytest.approx(240, abs=2)
    assert sum(middle) / 2 == pytest.approx(240, abs=2)
    assert end[1] == pytest.approx(240, abs=2)


def test_a_larger_class_writes_larger() -> None:
    small, large = (across(outlined("चन्द्र", "hi", kind)) for kind in ("small", "text"))
    assert (small[1] - small[0]) / (large[1] - large[0]) == pytest.approx(12 / 16, rel=0.02)


@pytest.mark.parametrize("language", SCRIPTS)
@pytest.mark.parametrize("theme", THEMES)
def test_no_text_is_left_for_the_renderer(language: str, theme: Theme) -> None:
    for family in EXAMPLES:
        svg = svg_text(drawn(example(family), language), language=language, tag_="", theme=theme)
        assert "<text" in svg
        assert "<text" not in words_outlined(svg, language)


@pytest.mark.parametrize("language", SCRIPTS)
def test_an_image_shows_what_is_missing(language: str) -> None:
    """Two letters that no font has look the same, two that one has do not."""

    def image(text: str) -> bytes:
        drawing = Drawing(60, "", "", (words(text, 20.0, 40.0),))
        return png_bytes(svg_text(drawing, language=language, tag_=""), drawing, 480, language)

    first, second = {"hi": ("उ", "द"), "hy": ("Հ", "ա")}[language]
    assert image(UNKNOWN) == image("\U0010fffe") != image("")
    assert len({image(first), image(second), image(UNKNOWN)}) == 3
