"""Quotation marks: those of the language, in refusals as in the texts of its catalogue."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils.translation import gettext as _

from starscal.core.i18n import LOCALES, language_active
from starscal.core.quotes import in_quotes


@pytest.mark.parametrize("code", LOCALES)
def test_the_marks_are_those_of_the_catalogue(code: str) -> None:
    with language_active(code):
        told = _("Meanwhile somebody else has written “%(words)s”. Saving again keeps yours.")
        assert in_quotes("%(words)s") in told


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("code", "quoted"),
    [("en", "“x”"), ("de", "„x“"), ("fr", "«\u202fx\u202f»"), ("ja", "「x」"), ("hy", "«x»")],
)
def test_a_refusal_quotes_what_was_sent_as_its_language_does(
    client: Client, code: str, quoted: str
) -> None:
    answer = client.get("/api/v1/events", {"limit": "x", "lang": code})
    assert answer.status_code == 400
    assert quoted in answer.json()["detail"]
