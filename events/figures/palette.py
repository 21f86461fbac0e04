"""The colours of figures by day and by night. Both show the sky as it is: dark."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, Literal, TypeAlias

Theme: TypeAlias = Literal["light", "dark"]
THEMES: Final[tuple[Theme, ...]] = ("light", "dark")

# A class, and its declarations; colours are (light, dark), other values hold for both.
Rule: TypeAlias = Mapping[str, "str | tuple[str, str]"]
RULES: Final[Mapping[str, Rule]] = {
    "panel": {"fill": ("#1d2654", "#0b1029"), "stroke": ("#2c3670", "#2a3363")},
    "lit": {"fill": ("#f8ecc6", "#f4e7c1")},
    "dark": {"fill": ("#39437a", "#1c2447")},
    "rim": {"fill": "none", "stroke": ("#8c95c8", "#5a659b")},
    "sun": {"fill": "url(#figure-sun)"},
    "dot": {"fill": ("#ffc94d", "#ffc247")},
    "sun-in": {"stop-color": ("#ffe08a", "#ffd97a")},
    "sun-out": {"stop-color": ("#f7a823", "#ef9d1a")},
    "before": {"fill": ("#141a3a", "#05070f")},
    "ghost": {"fill": "none", "stroke": ("#ffe3a1", "#ffd98a"), "stroke-dasharray": "3 4"},
    "penumbra": {"fill": ("#5a4c8e", "#4a3f7d"), "fill-opacity": "0.45"},
    "umbra": {"fill": ("#a2442a", "#8e3820"), "fill-opacity": "0.72"},
    "on-penumbra": {"fill": "#2b2350", "fill-opacity": "0.34"},
    "on-umbra": {"fill": "#7c2411", "fill-opacity": "0.72"},
    "way": {"fill": "none", "stroke": ("#dfe4ff", "#b9c2ee"), "stroke-width": "1.5"},
    "faint": {"fill": "none", "stroke": ("#7f8ac4", "#56619a"), "stroke-dasharray": "5 5"},
    "sea": {"fill": ("#416bbd", "#234282")},
    "grid": {"fill": "none", "stroke": ("#a9bfec", "#6f8ac4"), "stroke-opacity": "0.5"},
    "night": {"fill": ("#0c1130", "#03050f"), "fill-opacity": "0.5"},
    "band": {"fill": ("#ffbe45", "#ffb638"), "fill-opacity": "0.27"},
    "path": {"fill": ("#5f1220", "#4d0c18"), "fill-opacity": "0.85"},
    "line": {"fill": "none", "stroke": ("#c22840", "#ff6b7d"), "stroke-width": "2"},
    "mark": {"fill": ("#ffffff", "#ffffff"), "stroke": ("#8d1328", "#8d1328"), "stroke-width": "2"},
    "planet": {"fill": ("#ffffff", "#f3f5ff")},
    "text": {"fill": ("#f1f3ff", "#e4e8fb"), "font-size": "16px"},
    "code": {"fill": ("#ffdf94", "#f6dc9c"), "font-size": "16px"},
    "note": {"fill": ("#c3cbf2", "#aab3dc"), "font-size": "14px"},
    "small": {"fill": ("#dde6ff", "#b9c6ef"), "font-size": "12px"},
    "scale": {"fill": "none", "stroke": ("#c3cbf2", "#aab3dc"), "stroke-width": "1.5"},
    "end": {"text-anchor": "end"},
    "middle": {"text-anchor": "middle"},
    "corona": {"fill": "url(#figure-corona)"},
    "halo-in": {"stop-color": ("#ffe9b8", "#ffe4a8"), "stop-opacity": "0.85"},
    "halo-out": {"stop-color": ("#ffe9b8", "#ffe4a8"), "stop-opacity": "0"},
}


def style_sheet(classes: Iterable[str], theme: Theme | None) -> str:
    """Return the rules of ``classes``: of one theme, or of both, as the reader's system asks."""
    used = [name for name in RULES if name in set(classes)]
    first = "".join(_rule(name, theme or "light") for name in used)
    if theme is not None:
        return first
    differing = [name for name in used if any(isinstance(v, tuple) for v in RULES[name].values())]
    second = "".join(_rule(name, "dark", only_colours=True) for name in differing)
    return f"{first}@media (prefers-color-scheme:dark){{{second}}}"


def _rule(name: str, theme: Theme, *, only_colours: bool = False) -> str:
    at = THEMES.index(theme)
    told = ";".join(
        f"{key}:{value[at] if isinstance(value, tuple) else value}"
        for key, value in RULES[name].items()
        if isinstance(value, tuple) or not only_colours
    )
    return f".{name}{{{told}}}"
