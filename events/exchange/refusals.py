"""What is said of files that cannot be read."""

from __future__ import annotations

from django.utils.translation import gettext as _

from events.exchange.cells import ROWS_MOST
from starscal.core.exceptions import ApplicationError, ErrorCode


def line_unreadable(line: int) -> ApplicationError:
    return _invalid(_("Line %(line)d cannot be read; check its quotes.") % {"line": line})


def rows_too_many() -> ApplicationError:
    return _invalid(_("A file has at most %(most)d texts.") % {"most": ROWS_MOST})


def no_text() -> ApplicationError:
    return _invalid(_("This is no text in UTF-8 or UTF-16. Save the table as “CSV UTF-8”."))


def too_large() -> ApplicationError:
    return _invalid(_("A file has at most 5 MiB."))


def no_exchange_file(columns: str) -> ApplicationError:
    said = _("This is neither a PO file nor a table with the columns %(columns)s.")
    return _invalid(said % {"columns": columns})


def language_unknown(languages: str) -> ApplicationError:
    said = _("The header of the PO file has to name its language, one of: %(languages)s.")
    return _invalid(said % {"languages": languages})


def _invalid(sentence: str) -> ApplicationError:
    return ApplicationError(ErrorCode.VALIDATION_INVALID, sentence)
