"""Find the texts of the code: Python through Babel's scanner, templates through Django's."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.extract import extract
from django.utils.translation.template import templatize

from starscal.core.catalogues.languages import ROOT
from starscal.core.catalogues.message import Key, Message, messages_join

KEYWORDS: Mapping[str, Any] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
TRANSLATORS = ("Translators:",)
# Packages that no reader meets: measurements, tools of developers, sample clients.
BACKSTAGE = frozenset({"bench", "clients", "tools"})
SKIPPED = frozenset({"tests", "testing", "migrations", "devservices", "__pycache__", "static"})


def code_messages(root: Path = ROOT) -> dict[Key, Message]:
    """Return every text of our own packages."""
    packages = sorted(
        path.parent for path in root.glob("*/__init__.py") if path.parent.name not in BACKSTAGE
    )
    found = (message for package in packages for message in folder_messages(package, root))
    return messages_join(found)


def folder_messages(folder: Path, root: Path) -> Iterator[Message]:
    """Yield the texts of a package's modules and templates, file by file."""
    for path in sorted(folder.rglob("*")):
        relative = path.relative_to(root)
        if path.is_file() and not SKIPPED.intersection(relative.parts):
            yield from file_messages(path, relative.as_posix())


def file_messages(path: Path, name: str) -> Iterator[Message]:
    """Yield the texts of one file, which bears ``name`` in the catalogues."""
    if path.suffix == ".py":
        yield from module_messages(path.read_bytes(), name)
    elif "templates" in path.parts:
        yield from template_messages(path.read_text(encoding="utf-8"), name)


def template_messages(source: str, name: str) -> Iterator[Message]:
    """Yield the texts of a Django template."""
    lines = templatize(source, origin=name).splitlines()
    # Indentation means nothing in a template, but the scanner reads Python.
    flat = "\n".join(line.strip() for line in lines)
    yield from python_messages(flat.encode(), name)


def module_messages(source: bytes, name: str) -> Iterator[Message]:
    """Yield the texts of a module.

    The scanner takes the strings inside ``gettext(words["one"]["two"])`` for a text; only what the
    parser knows as a whole string is one. It overlooks, before Python 3.12, all that stands in an
    f-string: no text may. Raises: ValueError for one that does.
    """
    nodes = list(ast.walk(ast.parse(source)))
    for node in nodes:
        if isinstance(node, ast.JoinedStr) and any(map(_is_call_for_words, ast.walk(node))):
            raise ValueError(f"{name}:{node.lineno}: a text may not stand inside an f-string.")
    strings = {node.value for node in nodes if isinstance(node, ast.Constant)}
    yield from (found for found in python_messages(source, name) if found.text in strings)


def _is_call_for_words(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in KEYWORDS
    )


def script_messages(path: Path, name: str) -> Iterator[Message]:
    """Yield the texts of a script of the browser."""
    yield from python_messages(path.read_bytes(), name, "javascript")


def python_messages(source: bytes, name: str, method: str = "python") -> Iterator[Message]:
    """Yield what the scanner finds in the tokens of Python, or of JavaScript."""
    scanned = extract(
        method, BytesIO(source), KEYWORDS, TRANSLATORS,
        options={"encoding": "utf-8"}, strip_comment_tags=True,
    )  # fmt: skip
    for _line, texts, comments, context in scanned:
        text, plural = (texts[0], texts[1]) if isinstance(texts, tuple) else (texts, "")
        if text:
            yield Message(text, context or "", plural, _sentence(comments), (name,))


def _sentence(comments: list[str]) -> tuple[str, ...]:
    joined = " ".join(comment.strip() for comment in comments)
    return (joined,) if joined else ()
