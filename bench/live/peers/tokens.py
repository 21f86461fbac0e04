"""Sign access tokens: ``python -m … COUNT FILE``, five in a row for one user.

A socket checks the signature and the claims and asks nobody whether the user exists.
"""

from __future__ import annotations

import sys
import uuid
from pathlib import Path

import django
from django.conf import settings


def main(count: int, file: Path) -> None:
    django.setup()
    from accounts.tokens.access import access_sign  # noqa: PLC0415 - after setup
    from starscal.core import clock  # noqa: PLC0415

    users = [uuid.uuid4() for _ in range(0, count, settings.LIVE_SOCKETS_PER_USER)]
    tokens = [
        access_sign(
            user_id=users[number // settings.LIVE_SOCKETS_PER_USER],
            session_id=uuid.uuid4(),
            token_version=0,
            at=clock.now(),
        )
        for number in range(count)
    ]
    file.write_text("".join(f"{token}\n" for token in tokens), encoding="ascii")


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
