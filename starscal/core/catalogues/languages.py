"""Where the catalogue of each language lies and how that language counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import to_locale

from starscal.core.i18n import LOCALES

ROOT = Path(__file__).resolve().parents[3]
LOCALE_DIR = ROOT / "locale"
SOURCE_LANGUAGE = "en"

# Django merges catalogues by their plural rule, so each must be spelled as in Django's compiled
# ones (the `.po` files beside those may differ).
TWO = "nplurals=2; plural=(n != 1);"
ONE = "nplurals=1; plural=0;"
THREE = "nplurals=3; plural=(n == 0 || n == 1) ? 0 : n != 0 && n % 1000000 == 0 ? 1 : 2;"
PLURAL_FORMS: Mapping[str, str] = {
    "en": TWO,
    "zh-hans": ONE,
    "es": "nplurals=3; plural=n == 1 ? 0 : n != 0 && n % 1000000 == 0 ? 1 : 2;",
    "hi": TWO,
    "pt-br": THREE,
    "de": TWO,
    "fr": THREE,
    "ja": ONE,
    "ru": (
        "nplurals=4; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || "
        "n%100>14) ? 1 : n%10==0 || (n%10>=5 && n%10<=9) || (n%100>=11 && n%100<=14)? 2 : 3);"
    ),
    "hy": TWO,
}


@dataclass(frozen=True)
class Language:
    """One language: its code, Django's name of its folder, its plural rule."""

    code: str
    locale: str
    plural_forms: str

    @property
    def forms(self) -> int:
        return int(self.plural_forms.partition("=")[2].partition(";")[0])

    def path(self, folder: Path = LOCALE_DIR, domain: str = "django") -> Path:
        return folder / self.locale / "LC_MESSAGES" / f"{domain}.po"


LANGUAGES = tuple(Language(code, to_locale(code), PLURAL_FORMS[code]) for code in LOCALES)
