import signal
import subprocess
import sys
from pathlib import Path

import pytest

from starscal.devservices.layout import CHECKOUT, Layout
from starscal.devservices.processes import last_lines, spawn, stop
from starscal.devservices.state import Ownership
from starscal.devservices.tests.processes_of_a_run import all_end, descendants, is_alive

OWNER = """
import sys
from pathlib import Path
from starscal.devservices.layout import Layout
from starscal.devservices.postgres import private_postgres
from starscal.devservices.processes import spawn
from starscal.devservices.state import Ownership
from starscal.devservices.valkey import private_valkey

layout = Layout(Path(sys.argv[1]))
own = Ownership.take(layout, note="test")
keep = [own.servers.descriptor]
log = (layout.logs / "log").open("wb")
servers = [
    private_postgres(layout).start(log=log, keep=keep),
    private_valkey(layout).start(log=log, keep=keep),
    spawn([sys.executable, "-c", "import signal; signal.pause()"], log=log),
]
print("ready", flush=True)
sys.stdin.read()
"""


def start_owner(layout: Layout) -> subprocess.Popen[bytes]:
    owner = subprocess.Popen(
        [sys.executable, "-c", OWNER, str(layout.state)],
        cwd=CHECKOUT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert owner.stdout is not None
    assert owner.stdout.readline() == b"ready\n"
    return owner


@pytest.mark.slow
def test_a_killed_owner_leaves_no_orphan_and_the_next_start_works(layout: Layout) -> None:
    for _ in range(2):
        with start_owner(layout) as owner:
            family = descendants(owner.pid)
            assert len(family) > 4
            owner.kill()
        assert all_end(family)
    mine = Ownership.take(layout, note="after")
    assert mine is not None
    mine.release()


def test_a_child_is_out_of_reach_of_ctrl_c(folder: Path) -> None:
    process = spawn([sys.executable, "-c", "import os; print(os.getsid(0) == os.getpid())"],
                    log=subprocess.PIPE)  # fmt: skip
    output, _ = process.communicate(timeout=10)
    assert output == b"True\n"


@pytest.mark.parametrize("stubborn", [False, True], ids=["polite", "stubborn"])
def test_stop_insists(stubborn: bool) -> None:
    ignore = "signal.signal(signal.SIGTERM, signal.SIG_IGN);" if stubborn else ""
    program = f"import signal; {ignore} print('ready', flush=True); signal.pause()"
    process = spawn([sys.executable, "-c", program], log=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    status = stop(process, grace_s=0.2 if stubborn else 10.0)
    process.stdout.close()
    assert status == (-signal.SIGKILL if stubborn else -signal.SIGTERM)
    assert not is_alive(process.pid)


def test_last_lines_of_a_log(folder: Path) -> None:
    (folder / "log").write_text("one\n\ntwo\nthree\n")
    assert last_lines(folder / "log", 2) == ["two", "three"]
    assert last_lines(folder / "absent") == []
