"""The load client sees what goes wrong."""

import asyncio
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from websockets.asyncio.server import ServerConnection, serve

from bench.live.build import LIVE, STRICT_C
from bench.live.messages import frame, now_us
from bench.live.readers import Client, Counts, Readers

pytestmark = pytest.mark.skipif(shutil.which("cc") is None, reason="there is no C compiler")
SOCKETS = 3
ANSWER_S = 20.0


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("bench") / "client"
    command = ["cc", *STRICT_C, "-Werror", "-o", str(target), str(LIVE / "client.c")]
    subprocess.run(command, check=True)
    return target


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as opened:
        yield opened


async def counted(program: Path, stack: ExitStack, seqs: list[int], wait: int) -> Counts:
    """Send messages so numbered to every socket; return what the client counted."""
    connections: list[ServerConnection] = []

    async def follow(connection: ServerConnection) -> None:
        connections.append(connection)
        await connection.wait_closed()

    async with serve(follow, "127.0.0.1", 0, compression=None) as server:
        port = server.sockets[0].getsockname()[1]
        client = Client(program, {"--port": port, "--sockets": SOCKETS, "--place": 1}, [])
        readers = Readers(stack, [client])
        await asyncio.to_thread(readers.get_ready)
        await asyncio.to_thread(readers.begin, 0)
        for connection in connections:
            for seq in seqs:
                await connection.send(frame(seq, now_us()).decode())
        assert await asyncio.to_thread(readers.reached, wait, ANSWER_S)
        return await asyncio.to_thread(readers.report)


async def test_a_whole_sequence_has_no_faults(program: Path, stack: ExitStack) -> None:
    counts = await counted(program, stack, [1, 2, 3, 4], wait=4)

    assert counts.received == 4 * SOCKETS
    assert (counts.doubled, counts.disordered, counts.jumps) == (0, 0, 0)
    assert 0 < counts.p50_ms <= counts.p95_ms <= counts.p99_ms <= counts.most_ms


async def test_faults_are_seen_on_every_socket(program: Path, stack: ExitStack) -> None:
    counts = await counted(program, stack, [1, 2, 2, 4, 3, 5], wait=5)

    assert counts.received == 4 * SOCKETS  # so that of five one is lost
    assert counts.doubled == SOCKETS
    assert counts.disordered == SOCKETS
    assert counts.jumps == SOCKETS


async def test_who_is_not_let_in_is_counted(
    program: Path, stack: ExitStack, tmp_path: Path
) -> None:
    tokens = tmp_path / "tokens"
    tokens.write_text("".join(f"token-{number}\n" for number in range(SOCKETS)))
    heard: set[str] = set()

    async def greet(connection: ServerConnection) -> None:
        said = str(await connection.recv())
        heard.add(said)
        if "token-0" not in said:
            await connection.send("welcome")
            await connection.wait_closed()

    async with serve(greet, "127.0.0.1", 0, compression=None) as server:
        port = server.sockets[0].getsockname()[1]
        arguments = {"--port": port, "--sockets": SOCKETS, "--place": 1, "--at-once": SOCKETS}
        words = ["--tokens", str(tokens), "--say", "I am TOKEN.", "--hear", "welcome"]
        readers = Readers(stack, [Client(program, arguments, words)])

        assert await asyncio.to_thread(readers.get_counted) == 1

    assert heard == {f"I am token-{number}." for number in range(SOCKETS)}
