"""Figures of events, drawn from what the core computes; docs/figures.md."""

from events.figures.symbols import moon_path, symbol_for

__all__ = ["moon_path", "symbol_for"]
