"""Everything that is computed, held against independent tables and against plain Skyfield."""

from astronomy.verification.check import Check, Result, Sample, Statistic, judged
from astronomy.verification.material import Material
from astronomy.verification.registry import CHECKS, FAMILIES, checks_of, verify

__all__ = [
    "CHECKS",
    "FAMILIES",
    "Check",
    "Material",
    "Result",
    "Sample",
    "Statistic",
    "checks_of",
    "judged",
    "verify",
]
