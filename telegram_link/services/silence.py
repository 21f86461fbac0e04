"""Be silent for as long as Telegram says, whoever it was told to."""

from __future__ import annotations

from typing import Final

from django.db import connection

from telegram_link.models.state import ONLY

SILENCE: Final = """
    INSERT INTO telegram_link_botstate AS s (id, silent_until)
    VALUES (%(only)s, statement_timestamp() + %(seconds)s * interval '1 second')
    ON CONFLICT (id) DO UPDATE SET silent_until =
        greatest(s.silent_until, excluded.silent_until)
"""


def bot_silence(*, seconds: int) -> None:
    """Make no calls for so many seconds by the database's clock, nor sooner than was told before.

    Changes: BotState. Announces nothing. Idempotent. Locks: that row.
    """
    with connection.cursor() as cursor:
        cursor.execute(SILENCE, {"only": ONLY, "seconds": seconds})
