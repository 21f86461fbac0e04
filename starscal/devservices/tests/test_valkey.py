import signal
from typing import IO

import redis

from starscal.devservices.layout import Layout
from starscal.devservices.valkey import DURABLE, answers, private_valkey


def test_what_was_written_survives_a_restart(layout: Layout, log: IO[bytes]) -> None:
    server = private_valkey(layout, options=(*DURABLE, "--appendfsync", "always"))
    process = server.start(log=log)
    with redis.Redis.from_url(server.url) as client:
        client.set("moon", "full")
    process.send_signal(signal.SIGKILL)
    process.wait(timeout=10)
    assert not answers(str(server.socket))

    process = server.start(log=log)
    with redis.Redis.from_url(server.url) as client:
        assert client.get("moon") == b"full"
    server.stop(process)


def test_the_socket_is_private(layout: Layout, log: IO[bytes]) -> None:
    server = private_valkey(layout)
    process = server.start(log=log)
    assert server.socket.stat().st_mode & 0o077 == 0
    assert server.socket.parent.stat().st_mode & 0o077 == 0
    server.stop(process)
