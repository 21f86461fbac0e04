"""The texts of Django and the libraries that reach our readers but lack a translation there.

A library's own catalogue is used where it has the text. Where it has not, `extract` puts the text
into ours, and an upgrade that brings the translation takes it out again.
"""

from __future__ import annotations

import gettext
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from starscal.core.catalogues.extraction import file_messages, script_messages
from starscal.core.catalogues.languages import SOURCE_LANGUAGE, Language
from starscal.core.catalogues.message import Key, Message, messages_join

# Modules, packages and template folders whose texts people can meet in an answer, a form or the
# admin. Left out: texts about the code itself (admindocs), names of all the world's languages.
SOURCES = (
    "django/contrib/admin",
    "django/contrib/auth",
    "django/contrib/contenttypes",
    "django/contrib/postgres",
    "django/core/paginator.py",
    "django/core/validators.py",
    "django/db/models/base.py",
    "django/db/models/constraints.py",
    "django/db/models/fields",
    "django/forms",
    "django/utils/dates.py",
    "django/utils/ipv6.py",
    "django/utils/text.py",
    "django/utils/timesince.py",
    "django/views/csrf.py",
    "django_filters/fields.py",
    "rest_framework/exceptions.py",
    "rest_framework/fields.py",
    "rest_framework/filters.py",
    "rest_framework/pagination.py",
    "rest_framework/parsers.py",
    "rest_framework/permissions.py",
    "rest_framework/relations.py",
    "rest_framework/serializers.py",
    "rest_framework/validators.py",
    "rest_framework/views.py",
)
SCRIPTS = "django/contrib/admin/static/admin/js"
# What Django's compiled catalogues leave in English.
LEFT_IN_ENGLISH: Mapping[str, frozenset[Key]] = {
    "hy": frozenset(
        ("", text)
        for text in (
            "6 a.m.", "6 p.m.", "Email", "Please correct the error below.", "Toggle sorting",
            "checksum",
        )
    ),
}  # fmt: skip
SKIPPED = ("/locale/", "/tests/", "/contenttypes/views.py", "/csrf_403")
CATALOGUES = (
    "django/conf",
    "django/contrib/admin",
    "django/contrib/auth",
    "django/contrib/contenttypes",
    "django/contrib/postgres",
    "django_filters",
    "rest_framework",
)


@cache
def library_messages() -> dict[Key, Message]:
    """Return the libraries' texts that our readers can meet, English included."""
    return messages_join(message for source in SOURCES for message in _source_messages(source))


def library_missing(language: Language) -> dict[Key, Message]:
    """Return those that the library itself has not translated into ``language``."""
    if language.code == SOURCE_LANGUAGE:
        return {}
    known = library_known(language)
    return {key: message for key, message in library_messages().items() if key not in known}


@cache
def admin_script_messages() -> dict[Key, Message]:
    """Return the texts of the admin's scripts; our own speak through their pages' attributes."""
    folder = _installed(SCRIPTS)
    root = _installed("django").parent
    return messages_join(
        message
        for path in sorted(folder.rglob("*.js"))
        if "vendor" not in path.parts
        for message in script_messages(path, path.relative_to(root).as_posix())
    )


def script_missing(language: Language) -> dict[Key, Message]:
    """Return those that Django has not translated into ``language``, for `djangojs.po`."""
    if language.code == SOURCE_LANGUAGE:
        return {}
    left = LEFT_IN_ENGLISH.get(language.code, frozenset())
    known = frozenset(_translated("django/contrib/admin", language, "djangojs")) - left
    return {key: text for key, text in admin_script_messages().items() if key not in known}


@cache
def library_known(language: Language) -> frozenset[Key]:
    """Return the keys that the libraries' own catalogues translate into ``language``."""
    known = frozenset(key for name in CATALOGUES for key in _translated(name, language))
    return known - LEFT_IN_ENGLISH.get(language.code, frozenset())


def _translated(name: str, language: Language, domain: str = "django") -> Iterator[Key]:
    folder = str(_installed(name) / "locale")
    found = gettext.find(domain, folder, [language.locale])
    if found is None:
        return
    with Path(found).open("rb") as stream:
        catalogue: dict[str | tuple[str, int], str] = vars(gettext.GNUTranslations(stream))[
            "_catalog"
        ]
    for key in catalogue:
        whole = key[0] if isinstance(key, tuple) else key
        context, mark, text = whole.rpartition("\x04")
        yield (context if mark else ""), text


def _source_messages(source: str) -> Iterator[Message]:
    path = _installed(source)
    root = _installed(source.partition("/")[0]).parent
    for file in [path] if path.is_file() else sorted(path.rglob("*")):
        name = file.relative_to(root).as_posix()
        if file.is_file() and not any(part in name for part in SKIPPED):
            yield from file_messages(file, name)


def _installed(name: str) -> Path:
    package, _, rest = name.partition("/")
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError(f"{package} is not installed.")
    return Path(spec.submodule_search_locations[0]) / rest
