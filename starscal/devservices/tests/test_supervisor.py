import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import IO

import pytest

from starscal.devservices.errors import DevServicesError, StopRequested
from starscal.devservices.layout import CHECKOUT
from starscal.devservices.processes import spawn
from starscal.devservices.supervisor import Service, describe, supervision
from starscal.devservices.tests.processes_of_a_run import all_end, descendants, is_alive
from starscal.devservices.waiting import poll

RUNNER = """
import signal, sys
from pathlib import Path
from starscal.devservices.processes import spawn
from starscal.devservices.supervisor import Service, supervision

def begin(log):
    return spawn([sys.executable, "-c", "import signal; signal.pause()"], log=log)

with supervision() as supervisor:
    process = supervisor.add(Service("sleeper", Path(sys.argv[1]), begin))
    print(process.pid, flush=True)
    supervisor.run()
"""


def service(folder: Path, program: str) -> Service:
    def begin(log: IO[bytes]) -> subprocess.Popen[bytes]:
        return spawn([sys.executable, "-c", program], log=log)

    return Service("thing", folder / "thing.log", begin)


def start_runner(folder: Path, *, wrapper: str = "") -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", RUNNER, str(folder / "log")]
    if wrapper:
        command = ["/bin/sh", "-c", wrapper, "sh", *command]
    return subprocess.Popen(command, cwd=CHECKOUT, stdout=subprocess.PIPE)


def first_number(process: subprocess.Popen[bytes]) -> int:
    assert process.stdout is not None
    return int(process.stdout.readline())


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_every_process(folder: Path, number: signal.Signals) -> None:
    with start_runner(folder) as runner:
        child = first_number(runner)
        runner.send_signal(number)
        assert runner.wait(timeout=20) == 0
    assert not is_alive(child)


def test_sigint_reaches_us_in_the_background_of_a_shell(folder: Path) -> None:
    with start_runner(folder, wrapper='trap "" INT; exec "$@"') as runner:
        child = first_number(runner)
        runner.send_signal(signal.SIGINT)
        assert runner.wait(timeout=20) == 0
    assert not is_alive(child)


def test_a_child_that_dies_is_started_again(folder: Path) -> None:
    with start_runner(folder) as runner:
        child = first_number(runner)
        os.kill(child, signal.SIGKILL)
        assert poll(lambda: bool(set(descendants(runner.pid)) - {runner.pid}), timeout_s=10)
        assert poll(lambda: len(descendants(runner.pid)) == 2, timeout_s=10)
        family = descendants(runner.pid)
        runner.kill()
    assert all_end(family)


def test_waits_grow_and_start_over_after_a_steady_run(folder: Path) -> None:
    thing = service(folder, "")
    thing.started_at = 100.0
    waits = [thing.note_end(now=101.0) for _ in range(8)]
    assert waits == [0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0]
    assert thing.note_end(now=200.0) == 0.5


def test_a_service_that_does_not_start_shows_its_last_words(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with supervision() as supervisor:
        thing = service(folder, "print('no kernel'); raise SystemExit(3)")
        supervisor.add(thing)
        with pytest.raises(DevServicesError, match="thing does not start"):
            supervisor.wait_healthy(thing, lambda: False, 20.0)
    assert "| no kernel" in capsys.readouterr().out


def test_a_failing_step_breaks_off_the_start(folder: Path) -> None:
    with supervision() as supervisor:
        process = spawn([sys.executable, "-c", "raise SystemExit(3)"], log=subprocess.DEVNULL)
        with pytest.raises(DevServicesError, match="migrations failed with status 3"):
            supervisor.run_step(process, None, "migrations")


def test_a_request_to_stop_breaks_off_a_step(folder: Path) -> None:
    with supervision() as supervisor:
        process = spawn(
            [sys.executable, "-c", "import signal; signal.pause()"], log=subprocess.DEVNULL
        )
        os.kill(os.getpid(), signal.SIGTERM)
        with pytest.raises(StopRequested):
            supervisor.run_step(process, None, "sky")
        assert process.poll() is not None


def test_ends_are_named() -> None:
    assert describe(3) == "status 3"
    assert describe(-9) == "SIGKILL"
