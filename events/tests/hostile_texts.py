"""Texts that mean something to a spreadsheet, browser, template, calendar, terminal or shell."""

from __future__ import annotations

from typing import Final

# Kept to the letter: they are text, and every surface writes them as such.
KEPT: Final = {
    "formula": "=cmd|' /C calc'!A0",
    "plus": "+1+1",
    "minus": "-2+3",
    "at": "@SUM(A1:A9)",
    "script": "</script><script>alert(1)</script>",
    "handler": '"><img src=x onerror=alert(1)>',
    "comment": "<!-- <script> ]]>",
    "entity": "&lt;b&gt; &amp; &#0;",
    "template": "{{ 7*7 }} {% load x %} {# y #}",
    "placeholder": "%(name)s %s %d {0} $1 ${x}",
    "sql": "'; DROP TABLE events_event; --",
    "calendar": 'x\\nEND:VEVENT;BEGIN:VALARM,\\;"q"',
    "path": "../../etc/passwd%00%0d%0aSet-Cookie: a=b",
    "en": "Full Moon over the harbour",
    "zh-hans": "满月升起，照亮海港",
    "es": "¿Luna llena? ¡Sí, señor!",
    "hi": "पूर्णिमा \u0915\u094d\u200d\u0937 का उत्सव",
    "pt-br": "Lua cheia sobre a baía, irmão",
    "de": "Vollmond über dem Hafen: süß",
    "fr": "Pleine lune « à l’été », œuvre",
    "ja": "満月のゆうべ、ガ行とカﾞ",
    "ru": "Полнолуние над гаванью ёж",
    "hy": "Լիալուսինը նավահանգստի վրա և՛",
    "emoji": "👩🏽\u200d🚀 🇧🇷 🌖",
    "combining": "Z" + "\u0351" * 30,
    "wide": "𝕸𝖔𝖔𝖓 ＝１＋１",
}

# Refused: nobody sees them, and they change what stands around them.
REFUSED: Final = {
    "nul": "moon\x00light",
    "escape": "\x1b[31mred\x1b[0m",
    "override": "moon\u202egnp.exe",
    "isolate": "moon\u2066light\u2069",
    "mark": "moon\u200flight",
    "surrogate": "moon\ud800light",
    "pair": "\ud83c\udf15",
    "separator": "moon\u2028light",
    "next line": "moon\x85light",
    "vertical tab": "moon\x0blight",
    "carriage return": "moon\rlight",
    "backspace": "moon\x08light",
}
