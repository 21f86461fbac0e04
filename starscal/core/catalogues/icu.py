"""Texts of gettext as ICU MessageFormat, which front ends of other worlds read."""

from __future__ import annotations

import gettext
import re
from collections.abc import Callable, Sequence
from functools import cache
from typing import Final

from starscal.core.catalogues.languages import PLURAL_FORMS
from starscal.core.formats import locale_of

# What gettext fills in, `{name}` of REST framework, and the signs that mean something to ICU.
_PART: Final = re.compile(
    r"%\((?P<name>\w+)\)[-#0 +]*\d*(?:\.\d+)?[a-zA-Z]"
    r"|(?P<field>\{\w+\})|(?P<percent>%%)|(?P<sign>['{}#])"
)
_COUNTED: Final = re.compile(r"%\((\w+)\)[-#0 +]*\d*(?:\.\d+)?[dis]")
CATEGORIES: Final = ("zero", "one", "two", "few", "many", "other")
# Every category of our languages has a number among these; "many" of French and Spanish begins at
# a million.
NUMBERS: Final = (1, 0, *range(2, 201), 1_000_000)
EXACT: Final = (0, 1, 2)  # where a rule of gettext and CLDR's may differ


def icu_text(text: str, *, in_plural: bool = False) -> str:
    """Return a text with ``{name}`` for what is filled in, and everything else as it reads."""

    def part(found: re.Match[str]) -> str:
        if found["name"]:
            return f"{{{found['name']}}}"
        if found["field"]:
            return found["field"]
        if found["percent"]:
            return "%"
        return _sign(found["sign"], in_plural=in_plural)

    return _PART.sub(part, text)


def _sign(sign: str, *, in_plural: bool) -> str:
    """Quote a sign; an apostrophe is doubled, and a number sign counts in a plural alone."""
    if sign == "'":
        return "''"
    return sign if sign == "#" and not in_plural else f"'{sign}'"


def icu_plural(forms: Sequence[str], code: str) -> str:
    """Return one text that holds the forms under CLDR's categories.

    Where gettext gives a small number another form than its category has, it is named itself.
    """
    counted = _COUNTED.search(forms[-1])
    name = counted[1] if counted else "count"
    form_of, by_category = plural_rule(code), forms_by_category(code)
    category_of = locale_of(code).plural_form
    exact = {
        f"={number}": form_of(number)
        for number in EXACT
        if form_of(number) != by_category[category_of(number)]
    }
    branches = [
        f"{selector} {{{icu_text(forms[form], in_plural=True)}}}"
        for selector, form in {**exact, **by_category}.items()
    ]
    return f"{{{name}, plural, {' '.join(branches)}}}"


@cache
def plural_rule(code: str) -> Callable[[int], int]:
    """Return gettext's rule of a language: the form of a number."""
    return gettext.c2py(PLURAL_FORMS[code].partition("plural=")[2].strip().rstrip(";"))


@cache
def forms_by_category(code: str) -> dict[str, int]:
    """Return which of gettext's forms stands for each of CLDR's categories.

    A category that no whole number has, as "other" in Russian, gets the last form.
    """
    form_of, category_of = plural_rule(code), locale_of(code).plural_form
    found: dict[str, int] = {}
    for number in NUMBERS:
        found.setdefault(category_of(number), form_of(number))
    last = int(PLURAL_FORMS[code].partition("=")[2].partition(";")[0]) - 1
    found.setdefault("other", last)
    return {name: found[name] for name in CATEGORIES if name in found}


def plural_categories(code: str) -> list[str]:
    """Return CLDR's categories of a language, in CLDR's order."""
    tags = locale_of(code).plural_form.tags
    return [name for name in CATEGORIES if name in tags or name == "other"]
