"""What somebody can be in a chat, and who of them counts as a member."""

from __future__ import annotations

import pytest

every_status = pytest.mark.parametrize(
    ("status", "is_member", "counts"),
    [
        ("creator", True, True),
        ("administrator", True, True),
        ("member", True, True),
        ("restricted", True, True),
        ("restricted", False, False),
        ("left", False, False),
        ("kicked", False, False),
    ],
)
