"""The drill: tests that hold the promises of docs/drill.md under load, attack and faults.

A test joins with ``@pytest.mark.drill("T6")``, asks `drill_full` how much load to bring, and puts
what it measured into the fixture ``figures``.
"""

from __future__ import annotations

from starscal.testing.drill.load import drill_full

__all__ = ["drill_full"]
