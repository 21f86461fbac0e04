"""Give people everything that belongs to them."""

from __future__ import annotations

from typing import Any

from accounts.models import User


def user_export(*, user: User) -> dict[str, Any]:
    """Return every row that belongs to a user, by model, and note that it was given."""
    raise NotImplementedError
