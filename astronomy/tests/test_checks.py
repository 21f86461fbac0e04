from __future__ import annotations

from astronomy.checks import kernel


def test_the_kernel_of_this_process_can_be_read() -> None:
    found = kernel()
    assert found.ok
    assert found.figure is not None
