"""The signs of the tropical zodiac in which the facts of an event say that its bodies stand."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cache
from typing import Any, Final

from astronomy.finders.ingresses import SIGNS
from events.kinds import COMPUTED, COMPUTED_KINDS

WIDTH_DEG: Final = 30
ENTERED: Final = "sign"  # where a body crosses a border, this and no longitude tells its side
LONGITUDES: Final = (
    "longitude_deg", "longitudes_deg", "moon_longitude_deg", "sun_longitude_deg",
    "planet_longitude_deg",
)  # fmt: skip


def signs_of(details: Mapping[str, Any]) -> frozenset[str]:
    """Return the signs of an event: the one entered, or those of its apparent longitudes of date.

    Facts without an ecliptic longitude, such as those of eclipses, give none.
    """
    if ENTERED in details:
        return frozenset({details[ENTERED]})
    given = (details[name] for name in LONGITUDES if name in details)
    return frozenset(
        SIGNS[int(longitude_deg % 360.0 // WIDTH_DEG)]
        for value in given
        for longitude_deg in (value if isinstance(value, list) else [value])
    )


@cache
def signs_told() -> frozenset[str]:
    """Return the families with a kind whose facts have a sign."""
    telling = {ENTERED, *LONGITUDES}
    return frozenset(
        name
        for name, family in COMPUTED.items()
        if any(
            telling & COMPUTED_KINDS[code].details.__annotations__.keys() for code in family.kinds
        )
    )


def signs_path(signs: Collection[str]) -> str:
    """Return the same question as a JSON path of PostgreSQL: a predicate on the facts."""
    numbers = [SIGNS.index(sign) for sign in signs]
    arcs = [f"@ >= {n * WIDTH_DEG} && @ < {(n + 1) * WIDTH_DEG}" for n in numbers]
    if 0 in numbers:
        arcs.append("@ >= 360")  # what was rounded up to the whole turn
    inside = " || ".join(f"({arc})" for arc in arcs)
    stands = " || ".join(f"exists($.{name} ? ({inside}))" for name in LONGITUDES)
    enters = " || ".join(f'$.{ENTERED} == "{SIGNS[n]}"' for n in numbers)
    return f"({enters}) || (!exists($.{ENTERED}) && ({stands}))"
