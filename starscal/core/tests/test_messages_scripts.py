"""The texts of the admin's scripts, as its own view hands them to the browser."""

from __future__ import annotations

import json

import pytest
from django.conf import settings
from django.contrib.admin.sites import site
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils.translation import override
from django.views.i18n import JSONCatalog

from starscal.core.catalogues.compilation import catalogues_compile
from starscal.core.catalogues.library import admin_script_messages

FOREIGN = [code for code, _name in settings.LANGUAGES if code != "en"]


def catalogue_served(code: str) -> dict[str, str | list[str]]:
    catalogues_compile()
    with override(code):
        answer = JSONCatalog.as_view(packages=["django.contrib.admin"])(RequestFactory().get("/"))
    assert isinstance(answer, HttpResponse)
    served: dict[str, str | list[str]] = json.loads(answer.content)["catalog"]
    return served


@pytest.mark.parametrize("code", FOREIGN)
def test_every_text_of_the_admins_scripts_is_served(code: str) -> None:
    served = catalogue_served(code)
    keys = {
        f"{context}\x04{text}" if context else text for context, text in admin_script_messages()
    }
    assert len(keys) > 70
    assert keys - set(served) == set()


@pytest.mark.parametrize("code", ["hi", "hy"])
def test_what_django_leaves_out_is_ours(code: str) -> None:
    served = catalogue_served(code)
    assert served["Sunday"] not in {"", "Sunday"}
    assert served["6 p.m."] != "6 p.m."
    counted = served["%s selected option not visible"]
    assert isinstance(counted, list)
    assert len(counted) == 2
    assert all("%s" in form for form in counted)


def test_the_admin_serves_them() -> None:
    catalogues_compile()
    with override("hi"):
        answer = site.i18n_javascript(RequestFactory().get("/admin/jsi18n/"))
    assert json.dumps("रविवार") in answer.content.decode()
