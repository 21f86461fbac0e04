"""The words of definitions: those of the catalogues are those that stand beside the finders."""

from __future__ import annotations

import pytest
from django.utils.translation import override

from astronomy.finders import FAMILIES
from astronomy.finders.family import FamilyDefinition
from events.kinds.definitions import DEFINITIONS


def test_every_definition_has_words_and_no_words_are_left_over() -> None:
    assert set(DEFINITIONS) == {family.definition_id for family in FAMILIES.values()}


@pytest.mark.parametrize("family", FAMILIES.values(), ids=FAMILIES)
def test_the_words_are_those_of_the_finder(family: FamilyDefinition) -> None:
    words = DEFINITIONS[family.definition_id]
    with override("en"):
        assert (str(words.text), str(words.frame), str(words.scale)) == (
            family.text, family.frame, family.scale,
        )  # fmt: skip
