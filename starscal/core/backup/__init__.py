"""Backups that prove themselves, and what must not come back with them (docs/operations.md)."""
