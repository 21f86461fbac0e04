"""Texts of the twenty-four solar terms."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from events.facts import Facts, Phrases

NAME = _("Solar term")
ABOUT = _(
    "One of the 24 solar terms of the East Asian calendars: the Sun has moved 15° along the "
    "ecliptic since the one before. Their names follow the seasons of northern China; the date in "
    "China, Japan or Korea is that of the local time there."
)
# Translators: the names of the 24 solar terms (节气, 節気) are titles of their own; in languages
# without established names keep the pinyin in brackets.
TERMS: Phrases = {
    "chunfen": pgettext_lazy("solar term", "Spring Equinox (Chunfen)"),
    "qingming": pgettext_lazy("solar term", "Pure Brightness (Qingming)"),
    "guyu": pgettext_lazy("solar term", "Grain Rain (Guyu)"),
    "lixia": pgettext_lazy("solar term", "Start of Summer (Lixia)"),
    "xiaoman": pgettext_lazy("solar term", "Grain Buds (Xiaoman)"),
    "mangzhong": pgettext_lazy("solar term", "Grain in Ear (Mangzhong)"),
    "xiazhi": pgettext_lazy("solar term", "Summer Solstice (Xiazhi)"),
    "xiaoshu": pgettext_lazy("solar term", "Minor Heat (Xiaoshu)"),
    "dashu": pgettext_lazy("solar term", "Major Heat (Dashu)"),
    "liqiu": pgettext_lazy("solar term", "Start of Autumn (Liqiu)"),
    "chushu": pgettext_lazy("solar term", "End of Heat (Chushu)"),
    "bailu": pgettext_lazy("solar term", "White Dew (Bailu)"),
    "qiufen": pgettext_lazy("solar term", "Autumn Equinox (Qiufen)"),
    "hanlu": pgettext_lazy("solar term", "Cold Dew (Hanlu)"),
    "shuangjiang": pgettext_lazy("solar term", "Frost's Descent (Shuangjiang)"),
    "lidong": pgettext_lazy("solar term", "Start of Winter (Lidong)"),
    "xiaoxue": pgettext_lazy("solar term", "Minor Snow (Xiaoxue)"),
    "daxue": pgettext_lazy("solar term", "Major Snow (Daxue)"),
    "dongzhi": pgettext_lazy("solar term", "Winter Solstice (Dongzhi)"),
    "xiaohan": pgettext_lazy("solar term", "Minor Cold (Xiaohan)"),
    "dahan": pgettext_lazy("solar term", "Major Cold (Dahan)"),
    "lichun": pgettext_lazy("solar term", "Start of Spring (Lichun)"),
    "yushui": pgettext_lazy("solar term", "Rain Water (Yushui)"),
    "jingzhe": pgettext_lazy("solar term", "Awakening of Insects (Jingzhe)"),
}


def title(facts: Facts) -> str:
    return str(TERMS[facts.details["term"]])
