"""A part of an address that names a language."""

from __future__ import annotations


class LanguageTagConverter:
    """Match what looks like a language tag: ``en``, ``pt-br``, ``zh_Hans``."""

    regex = r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,3}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value
