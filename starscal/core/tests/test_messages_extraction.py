from __future__ import annotations

from pathlib import Path

import pytest

from starscal.core.catalogues.extraction import (
    code_messages,
    folder_messages,
    module_messages,
    template_messages,
)
from starscal.core.catalogues.message import Message, messages_join, placeholders

CALLS = {
    "plain": ('_("Full Moon")', Message("Full Moon", files=("a.py",))),
    "lazy": ('gettext_lazy("Full Moon")', Message("Full Moon", files=("a.py",))),
    "joined": ('_("Full "\n  "Moon")', Message("Full Moon", files=("a.py",))),
    "context": (
        'pgettext_lazy("sign", "in Leo")',
        Message("in Leo", context="sign", files=("a.py",)),
    ),
    "plural": (
        'ngettext("%(n)d event", "%(n)d events", n)',
        Message("%(n)d event", plural="%(n)d events", files=("a.py",)),
    ),
    "plural in context": (
        'npgettext_lazy("sky", "%(n)d event", "%(n)d events", "n")',
        Message("%(n)d event", context="sky", plural="%(n)d events", files=("a.py",)),
    ),
    "comment": (
        '# Translators: of the Moon\n_("Full")',
        Message("Full", comments=("of the Moon",), files=("a.py",)),
    ),
}
BLOCK = (
    '{% load i18n %}<p>  {% translate "Next" %} 5 % {% translate "May" context "month" %}\n'
    "      {% blocktranslate trimmed count n=events|length %}\n   One event for {{ name }}\n"
    "  {% plural %}{{ n }} events for {{ name }}{% endblocktranslate %}</p>"
)


@pytest.mark.parametrize(("source", "message"), CALLS.values(), ids=CALLS)
def test_python_call_becomes_a_message(source: str, message: Message) -> None:
    assert list(module_messages(source.encode(), "a.py")) == [message]


@pytest.mark.parametrize("source", ['_(words["one"]["two"])', "_(name)", '_(f"{name}")', '_("")'])
def test_what_is_no_whole_text_is_left(source: str) -> None:
    assert list(module_messages(source.encode(), "a.py")) == []


def test_template_texts_with_context_and_plural() -> None:
    found = {(m.context, m.text, m.plural) for m in template_messages(BLOCK, "a.html")}
    assert found == {
        ("", "Next", ""),
        ("month", "May", ""),
        ("", "One event for %(name)s", "%(n)s events for %(name)s"),
    }


def test_tests_and_migrations_are_left(tmp_path: Path) -> None:
    for folder in ("app", "app/tests", "app/migrations", "app/templates"):
        (tmp_path / folder).mkdir()
    for name in ("app/a.py", "app/tests/b.py", "app/migrations/c.py"):
        (tmp_path / name).write_text(f'_("{name}")')
    (tmp_path / "app/templates/d.txt").write_text('{% translate "d" %}')
    found = [message.text for message in folder_messages(tmp_path / "app", tmp_path)]
    assert sorted(found) == ["app/a.py", "d"]


def test_measurements_and_tools_are_left(tmp_path: Path) -> None:
    for name in ("app", "bench", "tools", "clients"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text(f'_("{name}")')
    assert [message.text for message in code_messages(tmp_path).values()] == ["app"]


def test_same_text_in_two_files_is_one_message() -> None:
    one = Message("Sky", comments=("b",), files=("b.py",))
    other = Message("Sky", plural="Skies", comments=("a",), files=("a.py",))
    joined = messages_join([one, other])
    assert list(joined.values()) == [Message("Sky", "", "Skies", ("a", "b"), ("a.py", "b.py"))]


def test_placeholders_of_both_kinds_are_found() -> None:
    text = "%(name)s of %(count)d, {wait} and {point:X}; 50%% and %s"
    assert placeholders(text) == {"name", "count", "{wait}", "{point:X}", "%s"}


@pytest.mark.slow
def test_our_own_texts_are_found() -> None:
    texts = code_messages()
    assert ("Moon phase in sign", "in Gemini") in texts
    assert texts["", "Full Moon %(in_sign)s"].comments


def test_a_text_inside_an_f_string_is_refused() -> None:
    """Python 3.11 has no tokens there for the scanner, so that it would go untranslated."""
    with pytest.raises(ValueError, match=r"a\.py:2: a text may not stand inside an f-string"):
        list(module_messages(b"name = 1\nf\"<b>{escaped(_('Help'))}</b>\"", "a.py"))
