"""Which of our texts a front end may want, and for what: told by the files that they stand in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from starscal.core.catalogues.files import catalogue_read
from starscal.core.catalogues.languages import LANGUAGES, SOURCE_LANGUAGE

# What stands in no folder of these is for staff, letters and the command line.
SCOPES: Final[Mapping[str, tuple[str, ...]]] = {
    "events": (
        "astronomy/calendar_names.py", "events/calendar_days.py", "events/calendar_words.py",
        "events/chat_text.py", "events/local_names.py", "events/details.py",
        "events/fact_labels.py", "events/figures/", "events/ical.py", "events/texts/",
        "starscal/core/formats.py",
    ),
    "kinds": ("events/kinds/", "events/kind_payloads.py"),
    "site": (
        "accounts/pages/", "accounts/preference", "accounts/templates/accounts/account.html",
        "accounts/templates/accounts/data.html", "accounts/templates/accounts/keys.html",
        "accounts/templates/accounts/parts/", "accounts/templates/accounts/sessions.html",
        "events/page_context.py", "events/templates/", "events/templatetags/",
        "starscal/settings/base.py", "starscal/templates/base.html", "starscal/templates/partials/",
    ),
    "errors": (
        "accounts/api/", "accounts/authentication.py", "accounts/faults.py",
        "accounts/hashers.py", "accounts/links.py",
        "accounts/permissions.py", "accounts/profile_changes.py", "accounts/services/",
        "accounts/texts.py", "accounts/usernames.py", "astronomy/api/", "events/api/",
        "events/live/", "events/onthefly.py", "starscal/core/api/", "starscal/core/plain_text.py",
        "starscal/core/ratelimit.py", "starscal/templates/400.html", "starscal/templates/403",
        "starscal/templates/404.html", "starscal/templates/500.html",
        "starscal/templates/error.html",
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Text:
    """A text of ours in English, with its context and its plural if it has them."""

    context: str
    text: str
    plural: str
    scopes: frozenset[str]

    @property
    def key(self) -> str:
        """Return what gettext files the text under."""
        return f"{self.context}\x04{self.text}" if self.context else self.text


@cache
def texts_scoped() -> tuple[Text, ...]:
    """Return the texts that have a scope; the catalogue of the source language names the files."""
    source = next(language for language in LANGUAGES if language.code == SOURCE_LANGUAGE)
    found = (
        Text(
            entry.msgctxt or "",
            entry.msgid,
            entry.msgid_plural,
            scopes_of([name for name, _line in entry.occurrences]),
        )
        for entry in catalogue_read(source.path())
        if not entry.obsolete
    )
    return tuple(text for text in found if text.scopes)


def scopes_of(files: list[str]) -> frozenset[str]:
    """Return the scopes of a text that stands in these files."""
    return frozenset(
        scope
        for scope, beginnings in SCOPES.items()
        if any(name.startswith(beginnings) for name in files)
    )
