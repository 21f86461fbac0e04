"""Where on the limb of a disc something touches it, as a place sees it."""

from __future__ import annotations

import numpy as np

from astronomy.finders.separations import Approach, approach
from astronomy.observer.meeting import Meeting
from astronomy.observer.view import View
from astronomy.timescales import Bools, Floats


def body_meeting(view: View, disc: str, body: str) -> Meeting[Approach]:
    """Return two bodies as they pass over a place."""
    return Meeting(
        lambda days: approach(view.vector_au(disc, days), view.vector_au(body, days)),
        lambda days: approach(
            view.confirmed(disc, days).vector_au, view.confirmed(body, days).vector_au
        ),
    )


def position_angle_deg(disc_au: Floats, body_au: Floats, lat_deg: float) -> Floats:
    """Return where ``body`` stands around the centre of ``disc``, 0 to 360 degrees.

    From celestial north through east, at the pole of date. Vectors (3, n): east, north and up.
    """
    latitude = np.radians(lat_deg)
    pole = np.array((0.0, np.cos(latitude), np.sin(latitude)))[:, None]
    east = np.cross(pole, disc_au, axis=0)
    east /= np.linalg.norm(east, axis=0)
    north = np.cross(disc_au, east, axis=0)
    north /= np.linalg.norm(north, axis=0)
    right, up = np.sum(body_au * east, axis=0), np.sum(body_au * north, axis=0)
    return np.asarray(np.degrees(np.arctan2(right, up)) % 360.0)


def is_lit_side(disc_au: Floats, body_au: Floats, sun_au: Floats) -> Bools:
    """Tell where ``body`` touches the half of the limb that the Sun lights."""
    centre = disc_au / np.linalg.norm(disc_au, axis=0)
    outwards = body_au / np.linalg.norm(body_au, axis=0) - centre
    sunwards = sun_au / np.linalg.norm(sun_au, axis=0) - centre
    sunwards -= np.sum(sunwards * centre, axis=0) * centre
    return np.asarray(np.sum(outwards * sunwards, axis=0) > 0.0)
