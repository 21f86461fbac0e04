"""Write each message that comes into our log, as a service does: ``python -m … CONTROL``.

The relay and the server carry it on; they are told nothing else.
"""

from __future__ import annotations

import sys

import django
import orjson
from django.db import transaction

from bench.live.messages import body_of
from bench.live.peers.control import lines_in


def main() -> None:
    django.setup()
    from starscal.core.outbox import NewMessage, outbox_append  # noqa: PLC0415 - after setup

    for lines in lines_in(sys.argv[1]):
        told = [orjson.loads(line) for line in lines]
        messages = [NewMessage(key=m["key"], kind=m["type"], body=body_of(m)) for m in told]
        with transaction.atomic():
            outbox_append(stream="events", messages=messages)


if __name__ == "__main__":
    main()
