"""What a run of the bench has found, in the shape in which it is told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from bench.astronomy.agreement import Agreement, chosen, compared
from bench.astronomy.shared import J2000_JD, PEERS, Event, Peer

# 2010 January 1, 0h UTC.
_START_DAYS: Final = 2_455_197.5 - J2000_JD
# So near are two of one kind and the same bodies, if they are the same event.
_SAME_DAYS: Final = 0.1
_SAME_SLOW_DAYS: Final = 2.5
_SLOW: Final = ("apsides", "elongations")  # flat extremes
_SAME_SKY_EVENT_DAYS: Final = 0.02
_PLACE: Final = "place"


class FamilyRow(NamedTuple):
    """One family of one peer: seconds for ten years, and whether the events agree."""

    peer: str
    family: str
    years: int
    ours_s: float
    peers_s: float
    agreement: Agreement

    @property
    def times_faster(self) -> float:
        """Return their seconds over ours."""
        return self.peers_s / self.ours_s


class Total(NamedTuple):
    """All that a peer shares with us, ours searched in one run."""

    peer: str
    ours_s: float
    peers_s: float

    @property
    def times_faster(self) -> float:
        """Return their seconds over ours."""
        return self.peers_s / self.ours_s


class Whole(NamedTuple):
    """All families over a span."""

    seconds: float
    events: int
    peak_mb: float


class Results(NamedTuple):
    """All figures of a run."""

    decade: Whole
    whole: Whole
    families: list[FamilyRow]
    totals: list[Total]
    place: list[FamilyRow]
    exact_ms: dict[str, float]


def results_of(best: Mapping[str, dict[str, Any]]) -> Results:
    """Return the figures of the best rounds."""
    ours = {family: _events(rows) for family, rows in best["decade"]["events"].items()}
    return Results(
        decade=_whole(best["decade"]),
        whole=_whole(best["whole"]),
        families=[row for peer in PEERS.values() for row in _family_rows(best, peer, ours)],
        totals=[
            Total(
                name,
                best[f"ours {name}"]["seconds"],
                sum(best[f"peer {name}"]["families"].values()),
            )
            for name in PEERS
        ],
        place=[_place_row(best, name) for name in PEERS],
        exact_ms=_exact_ms(best["exact"]["events"], ours),
    )


def _events(rows: list[Any]) -> list[Event]:
    return [Event(*row) for row in rows]


def _whole(measured: Mapping[str, Any]) -> Whole:
    return Whole(measured["seconds"], measured["count"], measured["peak_mb"])


def _family_rows(
    best: Mapping[str, dict[str, Any]], peer: Peer, ours: Mapping[str, list[Event]]
) -> list[FamilyRow]:
    theirs = best[f"peer {peer.name}"]
    return [
        FamilyRow(
            peer.name,
            family,
            shared.years,
            best[f"ours {peer.name}"]["families"][family],
            theirs["families"][family],
            compared(
                chosen(ours[family], shared, _START_DAYS),
                chosen(_events(theirs["events"][family]), shared, _START_DAYS),
                _SAME_SLOW_DAYS if family in _SLOW else _SAME_DAYS,
            ),
        )
        for family, shared in peer.families.items()
    ]


def _place_row(best: Mapping[str, dict[str, Any]], name: str) -> FamilyRow:
    mine, theirs = best["place ours"], best[f"place {name}"]
    agreement = compared(
        _events(mine["events"][_PLACE]), _events(theirs["events"][_PLACE]), _SAME_SKY_EVENT_DAYS
    )
    return FamilyRow(name, _PLACE, 1, mine["seconds"], theirs["seconds"], agreement)


def _exact_ms(exact: Mapping[str, list[Any]], ours: Mapping[str, list[Event]]) -> dict[str, float]:
    """Return how far ours is from plain Skyfield at most; fail if an event is missing."""
    most = {}
    for family, rows in exact.items():
        kinds = {row[0] for row in rows}
        mine = [each for each in ours[family] if each.kind in kinds]
        agreement = compared(mine, _events(rows), _SAME_DAYS)
        assert agreement.ours == agreement.peers == agreement.both, (family, agreement)
        most[family] = agreement.most_s * 1000.0
    return most
