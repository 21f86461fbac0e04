"""How to watch: when bodies are up, by their distance from the Sun, and how to know each."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from events.facts import Facts, Phrases

GLARE_DEG, TWILIGHT_DEG, NIGHT_DEG = 12.0, 45.0, 135.0
FAINT = frozenset({"uranus", "neptune", "pluto"})

NEAR_SUN = "near_sun"
# Translators: "they" and "them" mean two or more planets, a star and the Moon, named before
WHEN: Phrases = {
    NEAR_SUN: _("They are too near to the Sun to be seen."),
    # Translators: "them" means two or more planets, a star and the Moon, named before
    "dusk": _("Look for them in the west soon after sunset."),
    # Translators: "them" means two or more planets, a star and the Moon, named before
    "evening": _("Look for them in the evening, once it is dark."),
    # Translators: "they" means two or more planets, a star and the Moon, named before
    "night": _("They are up for most of the night."),
    # Translators: "them" means two or more planets, a star and the Moon, named before
    "morning": _("Look for them in the second half of the night and before dawn."),
    # Translators: "them" means two or more planets, a star and the Moon, named before
    "dawn": _("Look for them in the east shortly before sunrise."),
}
FIST = _("A fist at arm's length covers about ten degrees.")

# How to know a body, in one sentence that stands by itself.
LOOKS: Phrases = {
    "mercury": _("Mercury shows itself in the twilight alone, low above the horizon."),
    "venus": _("Venus outshines all but the Sun and the Moon."),
    "mars": _("Mars can be told by its reddish light."),
    "jupiter": _("Jupiter is brighter than any star."),
    "saturn": _("Saturn looks like a yellowish star that hardly twinkles."),
    "uranus": _("Uranus takes binoculars and a star chart."),
    "neptune": _("Neptune takes a small telescope and a star chart."),
    "pluto": _("Pluto shows itself in large telescopes and photographs alone."),
    "spica": _("Spica, the brightest star of Virgo, shines bluish white."),
    "regulus": _("Regulus, the brightest star of Leo, shines bluish white."),
    "antares": _("Antares, the brightest star of Scorpius, shines reddish."),
    "aldebaran": _("Aldebaran, the brightest star of Taurus, shines orange."),
    "pollux": _("Pollux, the brightest star of Gemini, shines golden."),
    "pleiades": _("The Pleiades are a cluster of which most eyes see six or seven stars."),
}


def when_seen(facts: Facts) -> str:
    """Return the code of the time of the night at which bodies so far from the Sun are seen."""
    from_sun_deg = facts.rounded("sun_elongation_deg", 0)
    if from_sun_deg < GLARE_DEG:
        return NEAR_SUN
    if from_sun_deg > NIGHT_DEG:
        return "night"
    in_twilight = from_sun_deg < TWILIGHT_DEG
    if facts.details["side"] == "east":
        return "dusk" if in_twilight else "evening"
    return "dawn" if in_twilight else "morning"


def looks(bodies: Iterable[str]) -> list[str | Promise]:
    """Return how to know those of the bodies that need telling: not the Moon."""
    return [LOOKS[body] for body in bodies if body in LOOKS]
