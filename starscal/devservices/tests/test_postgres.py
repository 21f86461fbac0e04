import os
import signal
from pathlib import Path
from typing import IO

import psycopg
import pytest

from starscal.devservices.accounts import server_account
from starscal.devservices.layout import Layout
from starscal.devservices.postgres import FAST, Postgres, answers, private_postgres
from starscal.devservices.tests.processes_of_a_run import user_of

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root drops to another account")


def ask(server: Postgres, question: str) -> object:
    with psycopg.connect(server.url, autocommit=True) as connection:
        row = connection.execute(question.encode()).fetchone()
    return row[0] if row else None


def tell(server: Postgres, order: str) -> None:
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute(order.encode())


@pytest.mark.slow
def test_words_of_every_script_have_trigrams_without_lang(
    layout: Layout, log: IO[bytes], bare_environment: None
) -> None:
    server = private_postgres(layout, options=FAST)
    process = server.start(log=log)
    tell(server, "CREATE EXTENSION pg_trgm")
    for word in ("луна", "լուսին", "चन्द्रमा", "満月"):
        assert ask(server, f"SELECT show_trgm('{word}') <> '{{}}'")
    assert ask(server, "SELECT 'ЛУНА' ILIKE 'луна'")
    server.abandon(process)
    assert not answers(str(server.sockets))


@pytest.mark.slow
def test_data_survive_a_stop_and_a_kill(layout: Layout, log: IO[bytes]) -> None:
    server = private_postgres(layout)
    process = server.start(log=log)
    tell(server, "CREATE TABLE sky (moon text)")
    server.stop(process)

    process = server.start(log=log)
    tell(server, "INSERT INTO sky VALUES ('full')")
    process.send_signal(signal.SIGQUIT)
    process.wait(timeout=10)

    process = server.start(log=log)
    assert ask(server, "SELECT moon FROM sky") == "full"
    server.stop(process)


@pytest.mark.slow
def test_a_noted_process_that_is_somebody_else_does_not_block_the_start(
    layout: Layout, log: IO[bytes]
) -> None:
    server = private_postgres(layout, options=FAST)
    server.abandon(server.start(log=log))
    (server.data / "postmaster.pid").write_text(f"{os.getppid()}\n{server.data}\n")
    Path(f"{server.socket}.lock").write_text(f"{os.getppid()}\n")
    process = server.start(log=log)
    assert answers(str(server.sockets))
    server.abandon(process)


@pytest.mark.slow
def test_a_broken_first_start_is_done_again(layout: Layout, log: IO[bytes]) -> None:
    server = private_postgres(layout, options=FAST)
    (server.data / "base").mkdir(parents=True)
    process = server.start(log=log)
    assert answers(str(server.sockets))
    server.abandon(process)


@pytest.mark.slow
def test_a_long_path_with_spaces_gets_a_short_socket(folder: Path, log: IO[bytes]) -> None:
    deep = folder / ("a checkout " + "x" * 80) / ("y" * 60) / ".state"
    assert len(str(deep)) > 150
    for parent in (deep, *list(deep.parents)[:2]):
        parent.mkdir(mode=0o711, parents=True, exist_ok=True)
    server = private_postgres(Layout(state=deep), options=FAST)
    process = server.start(log=log)
    assert len(os.fsencode(server.socket)) <= 107
    assert ask(server, "SELECT 1") == 1
    server.abandon(process)
    server.sockets.rmdir()


@pytest.mark.slow
@as_root
def test_only_postgres_drops_to_nobody(layout: Layout, log: IO[bytes]) -> None:
    server = private_postgres(layout, options=FAST)
    process = server.start(log=log)
    account = server_account()
    assert account is not None
    assert user_of(process.pid) == account.uid
    assert server.data.is_relative_to(layout.state)
    server.abandon(process)


@pytest.mark.slow
@as_root
def test_data_move_out_of_a_checkout_that_nobody_can_enter(
    layout: Layout, folder: Path, log: IO[bytes]
) -> None:
    layout.state.chmod(0o700)
    closed = Layout(state=layout.state / "deeper")
    server = private_postgres(closed, options=FAST)
    process = server.start(log=log)
    assert server.data.is_relative_to(folder / "system")
    noted = (closed.state / "postgres.location").read_text().strip()
    assert server.data.is_relative_to(noted)
    server.abandon(process)
