"""Texts of events as translators carry them away and bring them back: CSV and PO files."""
