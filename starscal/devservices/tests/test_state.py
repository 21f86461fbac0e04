import json
import subprocess
import sys
from typing import IO

from starscal.devservices.layout import Layout
from starscal.devservices.state import (
    FileLock,
    Ownership,
    forget_servers,
    owner_note,
    running_servers,
    write_servers,
)
from starscal.devservices.valkey import FLEETING, private_valkey


def test_addresses_are_readable_by_the_owner_only(layout: Layout) -> None:
    write_servers(layout, {"REDIS_URL": "unix:///nowhere?db=0"})
    assert layout.servers_file.stat().st_mode & 0o777 == 0o600
    assert json.loads(layout.servers_file.read_text()) == {"REDIS_URL": "unix:///nowhere?db=0"}
    assert [path.name for path in layout.state.glob("servers.*")] == ["servers.json"]


def test_noted_servers_count_only_while_they_answer(layout: Layout, log: IO[bytes]) -> None:
    server = private_valkey(layout, options=FLEETING)
    process = server.start(log=log)
    write_servers(layout, {"REDIS_URL": server.url})
    assert running_servers(layout) == {"REDIS_URL": server.url}
    server.stop(process)
    assert running_servers(layout) is None


def test_a_broken_note_is_no_note(layout: Layout) -> None:
    assert running_servers(layout) is None
    layout.servers_file.write_text("{")
    assert running_servers(layout) is None
    forget_servers(layout)
    assert not layout.servers_file.exists()


def test_one_process_owns_the_servers(layout: Layout) -> None:
    mine = Ownership.take(layout, note="the first")
    assert mine is not None
    assert Ownership.take(layout, note="the second") is None
    assert owner_note(layout) == "the first"
    mine.release()
    theirs = Ownership.take(layout, note="the second")
    assert theirs is not None
    theirs.release()


def test_a_new_owner_waits_for_the_servers_of_a_killed_one(layout: Layout) -> None:
    inherited = FileLock(layout.state / "servers.lock")
    assert inherited.take()
    server = subprocess.Popen(
        [sys.executable, "-c", "import sys; sys.stdin.read()"],
        stdin=subprocess.PIPE,
        pass_fds=[inherited.descriptor],
    )
    inherited.close()
    probe = FileLock(layout.state / "servers.lock")
    assert not probe.take()
    probe.close()
    server.communicate(timeout=10)
    mine = Ownership.take(layout, note="next")
    assert mine is not None
    mine.release()
