"""Read and write `.po` files so that a change of one text is a change of a few lines."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import polib

from starscal.core.catalogues.languages import SOURCE_LANGUAGE, Language
from starscal.core.catalogues.message import Key, Message, placeholders

WRAP_COLUMNS = 100


def catalogue_read(path: Path) -> polib.POFile:
    """Return the catalogue at ``path``, empty where there is none yet."""
    if not path.exists():
        return polib.POFile(wrapwidth=WRAP_COLUMNS)
    return polib.pofile(str(path), wrapwidth=WRAP_COLUMNS)


def catalogue_merge(
    old: polib.POFile, messages: Iterable[Message], language: Language
) -> polib.POFile:
    """Return a catalogue of exactly ``messages`` with the translations that ``old`` has."""
    kept = {key_of(entry): entry for entry in old if not entry.obsolete}
    merged = polib.POFile(wrapwidth=WRAP_COLUMNS)
    merged.metadata = metadata_of(language)
    for message in messages:
        merged.append(_entry(message, kept.get(message.key), language))
    return merged


def catalogue_write(catalogue: polib.POFile, path: Path) -> bool:
    """Write a catalogue and return whether the file changed."""
    text = f"{catalogue}\n"
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return True


def key_of(entry: polib.POEntry) -> Key:
    return entry.msgctxt or "", entry.msgid


def metadata_of(language: Language) -> dict[str, str]:
    """Return the header: no dates and no names, which would change with every run."""
    return {
        "Project-Id-Version": "StarsCalendars",
        "Language": language.locale,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": language.plural_forms,
    }


def _entry(message: Message, old: polib.POEntry | None, language: Language) -> polib.POEntry:
    entry = polib.POEntry(
        msgctxt=message.context or None,
        msgid=message.text,
        msgid_plural=message.plural,
        comment="\n".join(message.comments),
        occurrences=[(name, "") for name in message.files],
        flags=["python-format"] if "%(" in message.text and placeholders(message.text) else [],
    )
    if message.plural:
        entry.msgstr_plural = dict.fromkeys(range(language.forms), "")
    if old is not None and language.code != SOURCE_LANGUAGE:
        _keep(entry, old)
    return entry


def _keep(entry: polib.POEntry, old: polib.POEntry) -> None:
    """Carry a translation over; a text that became a plural, or ceased to, starts anew."""
    if bool(entry.msgid_plural) != bool(old.msgid_plural) or old.fuzzy:
        return
    entry.msgstr = old.msgstr
    for form in entry.msgstr_plural:
        entry.msgstr_plural[form] = old.msgstr_plural.get(form, "")
