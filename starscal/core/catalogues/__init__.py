"""Message catalogues without GNU gettext: extract, merge, check and compile.

Nothing here needs a database or Redis; compiling needs no settings either.
"""

from starscal.core.catalogues.compilation import catalogues_compile

__all__ = ["catalogues_compile"]
