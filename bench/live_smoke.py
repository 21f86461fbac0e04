"""Open many sockets, publish, and measure what arrives: a first look, not the harness.

`python manage.py up` in one terminal; then
`python -m bench.live_smoke --url ws://127.0.0.1:8000/ws/v1/live --sockets 40 --messages 50`.
One address may open LIVE_SOCKETS_PER_ADDRESS sockets; set it higher for more.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import time
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from statistics import quantiles

import django
from websockets.asyncio.client import ClientConnection, connect

from starscal.devservices.environment import servers_for

HELLO = json.dumps({"op": "hello", "lang": "de"})


def say_messages(count: int) -> None:
    """Publish one event and edit it, as staff do."""
    from accounts.models import User  # noqa: PLC0415 - after django.setup()
    from events.services import curation  # noqa: PLC0415

    at = datetime(2030, 1, 1, tzinfo=UTC)
    actor, _made = User.objects.get_or_create(
        username="bench", defaults={"is_superuser": True, "is_staff": True}
    )
    edit = curation.EventEdit(texts={"title_en": "Bench"})
    event = curation.event_create(actor=actor, occurs_at=at, edit=edit, at=at)
    curation.event_publish(event_id=event.pk, actor=actor)
    for number in range(1, count):
        edit = curation.EventEdit(fields={"quantum_resonance": number / count})
        curation.event_update(event_id=event.pk, actor=actor, edit=edit, at=at)


async def follow(socket: ClientConnection, count: int, delays: list[float]) -> None:
    """Read ``count`` messages and note how long after their commit each came."""
    seen = 0
    while seen < count:
        frame = json.loads(await socket.recv())
        if frame["op"] == "event":
            seen += 1
            delays.append(time.time() - datetime.fromisoformat(frame["at"]).timestamp())
            if seen % 100 == 0:
                ack = {"op": "ack", "stream": "events", "seq": frame["seq"]}
                await socket.send(json.dumps(ack))


async def measure(url: str, sockets: int, messages: int) -> None:
    """Print one JSON line with the figures."""
    delays: list[float] = []
    async with AsyncExitStack() as stack:
        open_sockets = [
            await stack.enter_async_context(connect(url, proxy=None)) for _number in range(sockets)
        ]
        for socket in open_sockets:
            await socket.send(HELLO)
            await socket.recv()
        began = time.perf_counter()
        await asyncio.gather(
            asyncio.to_thread(say_messages, messages),
            *(follow(socket, messages, delays) for socket in open_sockets),
        )
        seconds = time.perf_counter() - began
    cuts = quantiles(delays, n=100)
    figures = {
        "sockets": sockets,
        "delivered": len(delays),
        "seconds": round(seconds, 2),
        "p50_ms": round(cuts[49] * 1000, 1),
        "p95_ms": round(cuts[94] * 1000, 1),
    }
    print(json.dumps(figures))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="ws://127.0.0.1:8000/ws/v1/live")
    parser.add_argument("--sockets", type=int, default=40)
    parser.add_argument("--messages", type=int, default=50)
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "starscal.settings.local")
    servers_for(["bench", "live_smoke"])
    django.setup()
    asyncio.run(measure(options.url, options.sockets, options.messages))


if __name__ == "__main__":
    main()
