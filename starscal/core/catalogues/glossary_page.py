"""docs/glossary.md, written from locale/glossary: one row a term, one column a language."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from starscal.core.catalogues.glossary_source import Forms, Glossary, Term, glossary_read
from starscal.core.catalogues.languages import LANGUAGES, ROOT

PAGE = ROOT / "docs" / "glossary.md"
HEAD = """\
# Glossary

One row a term, one column a language. `python manage.py messages glossary --write` makes this page
of `locale/glossary/`; edit the files there. `manage.py messages check` requires these words in the
names of kinds, in the titles and in the descriptions of events.

- The first form of a cell is that of a dictionary, or the one that titles begin with. The others
  bear the name of their case (*gen*, *dat* …) or of the phrase they stand in (*in*, *into*, *of*,
  *with*); *stem* is a word whose endings follow at the \\*, *also* an allowed synonym, *never* a
  form that no text may hold.
- An English text is searched for the longest terms first: "Total solar eclipse" asks for its own
  row and not for "Solar eclipse" or "Sun".
- A term marked † is asked for in names and titles only: in a description its English word has other
  senses, or a turn of phrase serves better.
- Where the words of astronomers and of almanacs differ, the astronomers' word stands, unless a note
  below says otherwise.
"""


def glossary_page(glossary: Glossary | None = None) -> str:
    """Return the text of the page."""
    glossary = glossary or glossary_read()
    return "\n".join([HEAD, *_tables(glossary), *_notes(glossary)]) + "\n"


def glossary_page_write(path: Path = PAGE) -> bool:
    """Write the page and return whether it changed."""
    text = glossary_page()
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return False
    path.write_text(text, encoding="utf-8")
    return True


def glossary_page_is_stale(path: Path = PAGE) -> bool:
    """Say whether the page differs from its source; an image has no docs and so no stale page."""
    return path.exists() and path.read_text(encoding="utf-8") != glossary_page()


def _tables(glossary: Glossary) -> Iterator[str]:
    codes = [language.code for language in LANGUAGES]
    for section in glossary.sections:
        yield f"## {section.title}\n"
        if section.context:
            yield f"In texts of the context “{section.context}”.\n"
        yield f"| {' | '.join(codes)} |"
        yield "|---" * len(codes) + "|"
        for term in section.terms:
            yield f"| {' | '.join(_cell(term, code) for code in codes)} |"
        yield ""


def _cell(term: Term, code: str) -> str:
    words = _written(term.forms[code])
    if code != LANGUAGES[0].code:
        return words
    marked = f"{words} †" if term.names_only else words
    return f"{marked} ({term.note})" if term.note else marked


def _written(forms: Forms) -> str:
    parts = [
        (f"{form}" if label == "nom" else f"*{label}* {form}").replace("*|", "|")
        for label, some in forms.items()
        for form in (each.replace("*", r"\*") for each in some)
    ]
    return "; ".join(parts)


def _notes(glossary: Glossary) -> Iterator[str]:
    yield "## Notes on single languages\n"
    for code, notes in glossary.notes.items():
        for note in notes:
            yield f"- **{code}**: {note}"
