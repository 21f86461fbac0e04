"""The kinds that show many lights at once: meteor showers and planets drawn together."""

KINDS = ()
FAMILIES: dict[str, str] = {}
