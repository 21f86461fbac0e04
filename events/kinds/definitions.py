"""What exactly is computed, family by family, in words that can be translated.

The core keeps these sentences in English beside its finders and needs no Django; here they pass
through gettext, by the id of the definition. A test holds both equal: whoever changes a definition
changes its id, the words there and the words here. Sources are titles of works and stay as they
are printed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# Translators: a reference frame, as astronomers name it; no full stop
ECLIPTIC = _("geocentric, apparent, true ecliptic and equinox of date")
# Translators: a reference frame, as astronomers name it; no full stop
EQUATOR = _("geocentric, apparent, true equator and equinox of date")
# Translators: TT, UTC and UT1 are time scales; no full stop
SCALE = _("TT; labelled in UTC from 1972 and in UT1")


@dataclass(frozen=True, slots=True)
class DefinitionWords:
    """The words of one definition: what the instant is, in which frame and scale."""

    text: str | Promise
    frame: str | Promise = ECLIPTIC
    scale: str | Promise = SCALE


DEFINITIONS: Final[Mapping[str, DefinitionWords]] = {
    "moon_phases/1": DefinitionWords(
        _(
            "The instant at which the apparent geocentric ecliptic longitude of the Moon exceeds "
            "that of the Sun by 0 (new moon), 90 (first quarter), 180 (full moon) or 270 degrees "
            "(last quarter)."
        ),
    ),
    "seasons/1": DefinitionWords(
        _(
            "The instant at which the apparent geocentric ecliptic longitude of the Sun is 0 "
            "(March equinox), 90 (June solstice), 180 (September equinox) or 270 degrees (December "
            "solstice)."
        ),
    ),
    "solar_terms/1": DefinitionWords(
        _(
            "The instant at which the apparent geocentric ecliptic longitude of the Sun is a "
            "multiple of 15 degrees: the 24 solar terms. Multiples of 30 degrees are zhongqi "
            "(major terms), the others jieqi."
        ),
    ),
    "solar_eclipses/1": DefinitionWords(
        _(
            "The instant at which the axis of the Moon's shadow passes nearest to the centre of "
            "the Earth, when the penumbra touches the WGS 84 ellipsoid. Total or annular where the "
            "umbra or the antumbra touches it, hybrid when both do, else partial; central when the "
            "axis meets the Earth. The Moon's radius is 0.272281 equatorial radii of the Earth for "
            "the umbra and 0.2725076 for the penumbra; the Sun's semidiameter at 1 au is 959.63 "
            "arcseconds. The magnitude is the ratio of the apparent diameters where the axis meets "
            "the Earth, else the covered fraction of the Sun's diameter."
        ),
        # Translators: a reference frame, as astronomers name it; no full stop
        frame=_("geocentric, apparent, true equator and equinox of date; WGS 84"),
    ),
    "lunar_eclipses/1": DefinitionWords(
        _(
            "The instant at which the centre of the Moon passes nearest to the axis of the Earth's "
            "shadow, when the Moon's disc touches the penumbra. The radii of umbra and penumbra "
            "are 1.02 (0.998340 p + q -+ s), with p and q the equatorial horizontal parallaxes of "
            "Moon and Sun and s the semidiameter of the Sun: an enlargement by 1/50. Total when "
            "the disc lies inside the umbra, partial when it touches it, else penumbral. A case is "
            "borderline when Danjon's rule for the shadow gives another type or no eclipse."
        ),
        frame=EQUATOR,
    ),
    "sun_conjunctions/1": DefinitionWords(
        _(
            "The instant at which the apparent geocentric ecliptic longitudes of a planet and the "
            "Sun differ by 0 degrees (conjunction; of Mercury and Venus inferior between Earth and "
            "Sun, superior beyond the Sun), 180 degrees (opposition), or 90 degrees (quadrature: "
            "east when the planet is east of the Sun, west when it is west)."
        ),
    ),
    "conjunctions/1": DefinitionWords(
        _(
            "For two planets, the Moon and a planet, or the Moon and one of Spica, Regulus, "
            "Antares, Aldebaran, Pollux and the Pleiades (Alcyone): conjunction in longitude, the "
            "instant of equal apparent geocentric ecliptic longitudes; conjunction in right "
            "ascension, that of equal apparent right ascensions; closest approach, a minimum of "
            "the apparent angular separation, below 10 degrees."
        ),
        # Translators: a reference frame, as astronomers name it; no full stop
        frame=_("geocentric, apparent; true ecliptic or true equator and equinox of date"),
    ),
    "elongations/1": DefinitionWords(
        _(
            "Greatest elongation: the instant at which the apparent geocentric angle between "
            "Mercury or Venus and the Sun is a maximum, east (evening) or west (morning) of the "
            "Sun. Greatest brilliancy of Venus: the instant of its least visual magnitude as a "
            "crescent, by the formula of Mallama and Hilton (2018)."
        ),
        # Translators: a reference frame, as astronomers name it; no full stop
        frame=_("geocentric, apparent; independent of axes"),
    ),
    "stations/1": DefinitionWords(
        _(
            "The instant at which the rate of a planet's apparent geocentric ecliptic longitude, "
            "from the true equinox of date, changes its sign: from direct to retrograde motion "
            "(retrograde station) or from retrograde to direct motion (direct station)."
        ),
    ),
    "ingresses/1": DefinitionWords(
        _(
            "Ingress: the instant at which the apparent geocentric ecliptic longitude of the Sun, "
            "the Moon or a planet passes a multiple of 30 degrees; the body enters the tropical "
            "sign that it moves into, also when it moves backwards. Constellation ingress: the "
            "instant at which the apparent geocentric place of the Sun or the Moon crosses a "
            "boundary of the IAU constellations."
        ),
        # Translators: a reference frame, as astronomers name it; no full stop
        frame=_(
            "geocentric, apparent, true ecliptic and equinox of date; constellations: mean equator "
            "and equinox of B1875.0"
        ),
    ),
    "aspects/1": DefinitionWords(
        _(
            "The instant at which the apparent geocentric ecliptic longitudes of two of the ten "
            "bodies (Sun, Moon and planets with Pluto) differ by exactly 0, 60, 90, 120 or 180 "
            "degrees."
        ),
    ),
    "lunar_apsides/1": DefinitionWords(
        _(
            "Perigee and apogee: the instant at which the geometric distance between the centres "
            "of Earth and Moon is least or greatest. Supermoon and micromoon: the instant of a "
            "full moon near perigee or apogee by at least one of two published rules. Nolle's 90 % "
            "rule: the distance at full moon is within the nearest (micromoon: farthest) tenth of "
            "the range between the perigee and the apogee on both sides of the full moon. Distance "
            "rule: the geocentric distance is below 360,000 km (micromoon: above 405,000 km). Blue "
            "moon: the second full moon in a calendar month of UTC (UT1 before 1972)."
        ),
        # Translators: a reference frame, as astronomers name it; no full stop
        frame=_(
            "geocentric; geometric distances, apparent ecliptic longitudes of date for full moons"
        ),
    ),
    "lunar_nodes/1": DefinitionWords(
        _(
            "Ascending and descending node: the instant at which the apparent geocentric ecliptic "
            "latitude of the Moon is zero, going north or south. Northern and southern extreme: "
            "the instant at which its apparent geocentric declination is greatest or least in a "
            "month; the extremes are widest at a major and narrowest at a minor lunar standstill."
        ),
        # Translators: a reference frame, as astronomers name it; no full stop
        frame=_("geocentric, apparent, true ecliptic (nodes) or true equator (extremes) of date"),
    ),
    "apsides/1": DefinitionWords(
        _(
            "The instant at which the geometric distance of the Earth or a planet from the centre "
            "of the Sun is least (perihelion) or greatest (aphelion). From Mars outwards the "
            "planet is the barycentre of its system. The Sun's own path about the barycentre of "
            "the solar system gives Neptune several extremes about each apsis; the most extreme is "
            "taken, one an orbit."
        ),
        # Translators: a reference frame, as astronomers name it; no full stop
        frame=_("heliocentric, geometric (no light time)"),
    ),
    "transits/1": DefinitionWords(
        _(
            "The instant at which the centres of Mercury or Venus and of the Sun are least apart, "
            "when the planet is before the Sun and its disc touches the Sun's, as seen from the "
            "centre of the Earth. Contacts are geocentric too: outer (c1, c4) and inner (c2, c3); "
            "a grazing transit has no inner ones. From a place on the Earth they differ by "
            "minutes."
        ),
    ),
    "occultations/1": DefinitionWords(
        _(
            "The instant at which the centres of the Moon and of a planet (Mercury to Neptune) or "
            "a bright star (Aldebaran, Regulus, Spica, Antares, and Alcyone of the Pleiades) are "
            "least apart for the centre of the Earth, when that separation is below the Moon's "
            "radius (0.2725076 equatorial radii of the Earth) plus the difference of the "
            "horizontal parallaxes: then the Moon covers the centre of the body for some place. "
            "Beginning and end are those for the Earth as a whole, taken as a sphere of its "
            "equatorial radius. Whether the Sun is up there is not asked; the elongation from it "
            "is given."
        ),
    ),
    "meteor_showers/1": DefinitionWords(
        _(
            "The instant at which the Sun's geocentric longitude in the ecliptic and equinox of "
            "J2000.0 is that of the shower's maximum in the working list of visual meteor showers "
            "of the International Meteor Organization. The uncertainty is half a unit of the last "
            "digit that list gives; a shower may come hours earlier or later. ZHR is the number of "
            "meteors an hour that one observer sees under a dark sky with the radiant in the "
            "zenith; null where it varies from year to year."
        ),
        # Translators: a reference frame, as astronomers name it; no full stop
        frame=_("geocentric, apparent, ecliptic and equinox of J2000.0"),
    ),
    "alignments/1": DefinitionWords(
        _(
            "n of the five naked-eye planets (Mercury, Venus, Mars, Jupiter, Saturn) are aligned "
            "while the shortest arc of apparent geocentric ecliptic longitude that holds n of them "
            "is at most 30 degrees. Given for n = 3, 4 and 5, each on its own: the instant at "
            "which the arc becomes 30 degrees, the instant at which it is least in between, and "
            "the instant at which it leaves 30 degrees. Which planets they are may change in "
            "between; those named are the ones of that instant. Whether the Sun is near is not "
            "asked."
        ),
    ),
    "cultural/2": DefinitionWords(
        _(
            "Chinese months and festivals: a month begins on the civil day of the new moon; the "
            "month that holds the winter solstice is the 11th; of 13 months between two such "
            "months the first without a major solar term is a leap month. The civil day is that of "
            "UTC+8 from 1929 on and of the local mean time of Beijing (116 25' E) before. The "
            "instant is the beginning of the day there. Qingming and the winter solstice are kept "
            "on the civil day there of the solar terms of 15 and 270 degrees. Ekadashi, purnima "
            "and amavasya: the instant at which the 11th tithi of a half of the month, the 15th or "
            "the 30th begins, a tithi being 12 degrees of the Moon's elongation in longitude; "
            "nakshatra by the True Chitra ayanamsa (Spica at 180 sidereal degrees); civil date of "
            "that instant in UTC+5:30. Hindu festivals: the civil day in India on which the tithi "
            "of an amanta month, named by the sidereal sign of the Sun at its new moon and no leap "
            "month, fills most of the part of the day that counts, by the Sun at the central "
            "station (82 30' E, 23 11' N). Western and Orthodox feasts: days after Easter by the "
            "Gregorian and the Julian computus, on the Gregorian date, from 0h UTC. Armenian "
            "feasts, from 1924 on: days after the Western Easter, or the Sunday nearest to a date, "
            "from 0h of UTC+4."
        ),
    ),
}
