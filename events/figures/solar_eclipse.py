"""Draw where on the Earth a solar eclipse is seen, and how the Moon stands before the Sun."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np
from django.utils.translation import gettext as _

from astronomy.geometry.solar_shadow import Discs, SolarShadow, Track, depths
from astronomy.timescales import Floats
from events.figures.globe import Globe
from events.figures.parts import MARGIN, ROW, clock_text, contact_name, sun_disc
from events.figures.svg import Drawing, circle, panel, path, polyline, tag, words
from starscal.core.formats import decimal_text, percent_text

LEVELS: Final = (0.0, 0.25, 0.5, 0.75)
GLOBE: Final = (240.0, 232.0, 208.0)
HIGHEST_DEG: Final = 50.0  # the globe is never seen from nearer to a pole
TOP: Final = 462.0
HEIGHT: Final = 690
DISC: Final = (122.0, 562.0)
DISC_BOX: Final = 104.0
# How steeply a place near sunrise or sunset fades in: continuous, and zero at the horizon.
SLOPE: Final = 4.0


@dataclass(frozen=True, slots=True)
class Bands:
    """Paths around where at least each of LEVELS is seen, and around the night at greatest."""

    seen: tuple[str, ...]
    night: str


def globe_of(shadow: SolarShadow) -> Globe:
    """Return the globe as seen from over the greatest eclipse, the poles kept at the edges."""
    latitude, longitude = shadow.greatest_deg
    return Globe(float(np.clip(latitude, -HIGHEST_DEG, HIGHEST_DEG)), longitude, *GLOBE)


def bands_of(shadow: SolarShadow, globe: Globe) -> Bands:
    """Return where the eclipse is seen: the most of each place while the Sun is up there."""
    latitude, longitude, out = globe.grid()
    depth, sine = depths(shadow, latitude.ravel(), longitude.ravel())
    seen = tuple(
        globe.filled(np.minimum(depth - level, SLOPE * sine).max(axis=1).reshape(out.shape), out)
        for level in LEVELS
    )
    greatest = int(np.argmin(np.abs(shadow.days - shadow.greatest.days[0])))
    return Bands(seen, globe.filled(-sine[:, greatest].reshape(out.shape), out))


def solar_drawing(
    shadow: SolarShadow, contacts: Mapping[str, datetime], kind: str, magnitude: float
) -> Drawing:
    """Draw the globe over the discs of Sun and Moon and the times of the contacts."""
    globe = globe_of(shadow)
    elements = (
        panel(HEIGHT),
        *_globe(shadow, globe, bands_of(shadow, globe)),
        *_discs(shadow.discs, kind),
        *_place(place_text(*shadow.greatest_deg)),
        *_table(contacts),
    )
    return Drawing(HEIGHT, *_told(shadow, contacts, kind, magnitude), elements)


def _globe(shadow: SolarShadow, globe: Globe, bands: Bands) -> list[str]:
    x, y = globe.places(*(np.array([value]) for value in shadow.greatest_deg))
    limb = tag("circle", cx=globe.x, cy=globe.y, r=globe.radius)
    drawn = [
        path(globe.graticule(), "grid"),
        *(path(seen, "band") for seen in bands.seen if seen),
        path(bands.night, "night") if bands.night else "",
        *(_track(shadow.track, globe) if shadow.track else ()),
    ]
    return [
        tag("clipPath", limb, id="figure-globe"),
        circle(globe.x, globe.y, globe.radius, "sea"),
        tag("g", "".join(drawn), clip_path="url(#figure-globe)"),
        circle(globe.x, globe.y, globe.radius, "rim"),
        *_grid_names(globe, float(x[0]), float(y[0])),
        circle(float(x[0]), float(y[0]), 4.5, "mark"),
    ]


def _track(track: Track, globe: Globe) -> list[str]:
    found = []
    sides = [np.stack(globe.places(*side)) for side in track.limits]
    whole = np.isfinite(sides[0][0]) & np.isfinite(sides[1][0])
    for part in _runs(whole):
        around = np.concatenate((sides[0][:, part], sides[1][:, part][:, ::-1]), axis=1)
        found.append(path(polyline(around.T.tolist(), closed=True), "path"))
    found.append(path(globe.line(*track.line[:, ::3]), "line"))
    return found


def _runs(which: Floats | np.ndarray[tuple[int], np.dtype[np.bool_]]) -> list[slice]:
    """Return the stretches, longer than one, in which ``which`` holds."""
    turns = np.flatnonzero(np.diff(np.concatenate(([0], which.astype(int), [0]))))
    return [
        slice(int(a), int(b)) for a, b in zip(turns[::2], turns[1::2], strict=True) if b - a > 1
    ]


def _grid_names(globe: Globe, mark_x: float, mark_y: float) -> list[str]:
    """Write the degrees of the parallels on the meridian nearest to the middle."""
    meridian = 30.0 * round(globe.longitude_deg / 30.0)
    latitudes = np.array([-60.0, -30.0, 30.0, 60.0])
    x, y = globe.places(latitudes, np.full_like(latitudes, meridian))
    found = [
        words(latitude_text(float(latitude)), float(px) + 4.0, float(py) - 4.0, "small")
        for latitude, px, py in zip(latitudes, x, y, strict=True)
        if np.hypot(px - globe.x, py - globe.y) < 0.93 * globe.radius
        and np.hypot(px + 20.0 - mark_x, py - 8.0 - mark_y) > 28.0
    ]
    longitudes = meridian + np.array([-60.0, -30.0, 30.0, 60.0])
    x, y = globe.places(np.zeros(4), longitudes)
    return found + [
        words(longitude_text(float(longitude)), float(px) + 4.0, float(py) + 14.0, "small")
        for longitude, px, py in zip(longitudes, x, y, strict=True)
        if np.hypot(px - globe.x, py - globe.y) < 0.86 * globe.radius
        and np.hypot(px + 20.0 - mark_x, py + 10.0 - mark_y) > 28.0
    ]


def latitude_text(value: float) -> str:
    told = {"value": decimal_text(abs(value), 0)}
    if value == 0.0:
        return "0°"
    return _("%(value)s° N") % told if value > 0.0 else _("%(value)s° S") % told


def longitude_text(value: float) -> str:
    turned = (value + 180.0) % 360.0 - 180.0
    told = {"value": decimal_text(abs(turned), 0)}
    if round(turned) % 180 == 0:
        return f"{told['value']}°"
    return _("%(value)s° E") % told if turned > 0.0 else _("%(value)s° W") % told


def place_text(latitude: float, longitude: float) -> str:
    """Write a place, as in “65° N, 25° W”."""
    told = {
        "latitude": latitude_text(float(round(latitude))),
        "longitude": longitude_text(float(round(longitude))),
    }
    # Translators: a geographic latitude and longitude
    return _("%(latitude)s, %(longitude)s") % told


def _discs(discs: Discs, kind: str) -> list[str]:
    """Return Sun and Moon seen from the greatest point, and the Moon's way from touch to touch."""
    reach = 1.0 + 2.0 * discs.moon
    unit = DISC_BOX / reach

    def at(east: float, north: float) -> tuple[float, float]:
        return DISC[0] - east * unit, DISC[1] - north * unit

    moon = discs.moon * unit
    way = [at(float(e), float(n)) for e, n in zip(discs.east[::12], discs.north[::12], strict=True)]
    ends = [at(float(discs.east[n]), float(discs.north[n])) for n in (0, -1)] if way else []
    halo = [_halo(), circle(*DISC, unit * 2.1, "corona")] if kind in {"total", "hybrid"} else []
    return [
        *halo,
        *sun_disc(*DISC, unit),
        *(circle(x, y, moon, "ghost") for x, y in ends),
        path(polyline(way), "faint"),
        circle(*at(*discs.at), moon, "before"),
    ]


def _halo() -> str:
    stops = tag("stop", offset=".44", class_="halo-in") + tag("stop", offset="1", class_="halo-out")
    return tag("radialGradient", stops, id="figure-corona")


def _place(place: str) -> list[str]:
    """Return, under the discs, from where they are seen: the mark on the globe."""
    bottom = HEIGHT - 20.0
    return [
        circle(MARGIN + 4.5, bottom - 5.0, 4.5, "mark"),
        words(place, MARGIN + 16.0, bottom, "note"),
    ]


def _table(contacts: Mapping[str, datetime]) -> list[str]:
    """Return the key of the bands, and the contacts."""
    x, y = 246.0, TOP + 22.0
    found = _key(x, y)
    for at, (name, moment) in enumerate(sorted(contacts.items(), key=lambda pair: pair[1])):
        top = y + (at + 2) * ROW
        found.append(words(contact_name(name), x, top, "code"))
        found.append(words(clock_text(moment), x + 56.0, top))
    bottom = y + (len(contacts) + 2) * ROW
    found.append(words(_("Times are UTC."), x, bottom, "note"))
    return found


def _key(x: float, y: float) -> list[str]:
    """Return a strip of the bands with the least that each stands for."""
    width = 50.0
    found = [tag("rect", x=x, y=y - 12.0, width=4 * width, height=14, class_="sea")]
    for at in range(len(LEVELS)):
        start = x + at * width
        found.append(
            tag("rect", x=start, y=y - 12.0, width=(4 - at) * width, height=14, class_="band")
        )
        if at:
            found.append(words(percent_text(LEVELS[at]), start, y + 18.0, "note middle"))
    return found


def _told(
    shadow: SolarShadow, contacts: Mapping[str, datetime], kind: str, magnitude: float
) -> tuple[str, str]:
    told = {
        "begins": clock_text(contacts["p1"]),
        "ends": clock_text(contacts["p4"]),
        "place": place_text(*shadow.greatest_deg),
        "percent": percent_text(min(magnitude, 1.0)),
    }
    title = _("Where on the Earth the solar eclipse is seen, and the Moon before the Sun.")
    return title, _sentence(kind) % told


def _sentence(kind: str) -> str:
    if kind == "partial":
        return _(
            "A globe with the region that sees the eclipse, from %(begins)s to %(ends)s UTC. It is "
            "greatest at %(place)s, where the Moon covers %(percent)s of the Sun's diameter."
        )
    if kind == "annular":
        return _(
            "A globe with the region that sees the eclipse, from %(begins)s to %(ends)s UTC, and "
            "the path on which a ring of light remains. It is greatest at %(place)s."
        )
    if kind == "hybrid":
        return _(
            "A globe with the region that sees the eclipse, from %(begins)s to %(ends)s UTC, and "
            "the path on which it is total or annular. It is greatest at %(place)s."
        )
    return _(
        "A globe with the region that sees the eclipse, from %(begins)s to %(ends)s UTC, and the "
        "path on which it is total. It is greatest at %(place)s."
    )
