"""What a person sees or hears of a page: its texts and the attributes that speak."""

from html.parser import HTMLParser

SILENT = frozenset({"script", "style", "template", "code", "pre", "textarea"})
SPEAKING = frozenset({"title", "alt", "placeholder", "aria-label", "aria-description", "label"})
BUTTONS = frozenset({"submit", "button", "reset"})


class VisibleText(HTMLParser):
    """Gathers the texts of a page in order, and those of speaking attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.spoken: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in SILENT
        given = dict(attrs)
        self.spoken += [value for name, value in attrs if name in SPEAKING and value]
        if tag == "input" and given.get("type") in BUTTONS and given.get("value"):
            self.spoken.append(str(given["value"]))

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in SILENT

    def handle_data(self, data: str) -> None:
        if not self._silent and data.strip():
            self.texts.append(data)


def visible_texts(page: str) -> tuple[list[str], list[str]]:
    """Return a page's texts in order, and the texts of its attributes."""
    parser = VisibleText()
    parser.feed(page)
    return parser.texts, parser.spoken
