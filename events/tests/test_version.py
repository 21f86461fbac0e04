from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from django.conf import settings

from events.version import texts_digest

GERMAN = Path("de/LC_MESSAGES/django.po")


@pytest.fixture
def locale(tmp_path: Path) -> Path:
    """Return a copy of the catalogues to change."""
    for source in Path(settings.LOCALE_PATHS[0]).glob("*/LC_MESSAGES/django.po"):
        target = tmp_path / source.relative_to(settings.LOCALE_PATHS[0])
        target.parent.mkdir(parents=True)
        shutil.copy(source, target)
    return tmp_path


def edit(locale: Path, entry: str, old: str, new: str) -> None:
    """Replace a word in the one entry that contains ``entry``."""
    path = locale / GERMAN
    blocks = path.read_text().split("\n\n")
    (place,) = (at for at, block in enumerate(blocks) if entry in block)
    assert old in blocks[place]
    blocks[place] = blocks[place].replace(old, new)
    path.write_text("\n\n".join(blocks))


@pytest.mark.parametrize(
    ("entry", "old", "new", "is_another"),
    [
        pytest.param('"Total lunar eclipse"', "Totale", "Ganze", True, id="a title"),
        pytest.param(
            'msgid "in Gemini"', "den Zwillingen", "Zwillinge", True, id="a part of a title"
        ),
        pytest.param("%(hours)d h %(minutes)d min", " h ", " Std. ", True, id="a duration in one"),
        pytest.param('"What comes next"', "msgstr", "msgstr ", False, id="a text of a page"),
        pytest.param('"Total lunar eclipse"', "#:", "#. A note.\n#:", False, id="a note"),
    ],
)
def test_only_texts_that_are_stored_make_another_version(
    locale: Path, entry: str, old: str, new: str, is_another: bool
) -> None:
    before = texts_digest(locale)
    edit(locale, entry, old, new)
    assert (texts_digest(locale) != before) is is_another
