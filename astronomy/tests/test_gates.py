"""The gate that spans families: no systematic error against the US Naval Observatory."""

from __future__ import annotations

import numpy as np

from astronomy.occurrence import Occurrence
from astronomy.tests.tables import moment, nearest, read_table


def test_the_signed_mean_error_of_phases_and_seasons_1972_to_2030_is_within_4_seconds(
    by_family: dict[str, list[Occurrence]],
) -> None:
    """Allow 1 s for the minutes of the tables; those after 2010 assume a larger Delta T."""
    errors_s = []
    for family, column in (("moon_phases", "phase"), ("seasons", "season")):
        for row in read_table(family):
            at = moment(row["utc"])
            if 1972 <= at.year <= 2030:
                same = [found for found in by_family[family] if found.kind == row[column]]
                errors_s.append((nearest(same, at).ut1 - at).total_seconds())
    assert len(errors_s) == 265
    assert abs(np.mean(errors_s)) <= 4.0
