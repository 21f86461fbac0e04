"""Make .venv, install what is missing, and run a command of it.

    python3 tools/bootstrap.py [--port N] {run,dev} -- ARGUMENTS FOR .venv/bin/python

Needs nothing but Python's standard library. Older Pythons must be able to read this file to the
check below, so it keeps to their syntax.
"""

import argparse
import contextlib
import fcntl
import hashlib
import os
import platform
import re
import shutil
import socket
import subprocess
import sys
import time
import venv
from pathlib import Path

OLDEST = (3, 11)
if sys.version_info < OLDEST:
    sys.exit(
        "StarsCalendars needs Python {}.{} or newer; this is Python {}.{} ({}). "
        "Choose another with: make PYTHON=python3.12".format(
            *(OLDEST + sys.version_info[:2] + (sys.executable,))
        )
    )

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
LAST_PORT = 65535
BUSY = VENV / "incomplete"  # there while an installation is under way
LOG = ROOT / ".state" / "install.log"
REQUIREMENTS = {
    "run": ("requirements.txt",),
    "dev": ("requirements.txt", "requirements-dev.txt"),
}
PIP = next((ROOT / "tools" / "wheels").glob("pip-*.whl"))


class Trouble(Exception):  # noqa: N818 - its message is all a person sees
    """A reason to stop, in one line."""


def say(text: str) -> None:
    """Tell what goes on, beside the command's own output."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def fingerprint(profile: str) -> str:
    """Name what must be installed, and for which Python."""
    digest = hashlib.sha256(f"{sys.version}\n{Path(sys.base_prefix).resolve()}\n".encode())
    digest.update(os.fsencode(VENV))
    for name in REQUIREMENTS[profile]:
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def stamp(profile: str) -> Path:
    """Return the file that remembers an installation."""
    return VENV / f"installed-{profile}"


def is_installed(profile: str) -> bool:
    """Say whether the environment holds what this profile needs."""
    wanted = fingerprint(profile)
    with contextlib.suppress(FileNotFoundError):
        return stamp(profile).read_text() == wanted and not BUSY.exists()
    return False


def same_python() -> bool:
    """Say whether .venv is whole and was made by the Python that runs now."""
    with contextlib.suppress(FileNotFoundError):
        made_by = (VENV / "made-by").read_text()
        return made_by == f"{sys.version}\n{VENV}" and not BUSY.exists()
    return False


def create_venv() -> None:
    """Make an empty environment; Debian's python3 has no ensurepip, so it comes without pip."""
    if VENV.exists():
        say("Removing an unfinished or foreign .venv")
        shutil.rmtree(VENV)
    say(f"Creating .venv (Python {platform.python_version()})")
    try:
        venv.create(VENV, with_pip=False, symlinks=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise Trouble(f"Cannot create .venv: {error}") from None
    (VENV / "made-by").write_text(f"{sys.version}\n{VENV}")


def pip_install(program: Path, arguments: "list[str]") -> None:
    """Run pip, and turn its failure into one line."""
    command = [
        *(str(VENV / "bin" / "python"), str(program), "install"),
        *("--disable-pip-version-check", "--no-input", "--only-binary", ":all:"),
        *("--progress-bar", "off", *arguments),
    ]
    LOG.parent.mkdir(mode=0o711, exist_ok=True)
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    with LOG.open("wb") as log:
        done = subprocess.run(
            command, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT, check=False
        )
    if done.returncode:
        raise Trouble(explain(LOG.read_text(encoding="utf-8", errors="replace")))


def explain(log: str) -> str:
    """Name the package that pip could not install."""
    here = f"Python {platform.python_version()} on {sys.platform} {platform.machine()}"
    missing = re.search(r"No matching distribution found for (\S+)", log)
    if missing:
        return f"No wheel of {missing[1]} was found for {here}. Is this machine offline? See {LOG}"
    errors = re.findall(r"^ERROR: (.+)$", log, re.MULTILINE) or ["pip failed"]
    return f"Installing the requirements failed ({errors[-1]}). See {LOG}"


def install(profile: str) -> None:
    """Bring the environment to what the profile needs."""
    if not same_python():
        create_venv()
    start = time.monotonic()
    BUSY.touch()
    if not (VENV / "bin" / "pip").exists():
        pip_install(PIP / "pip", ["--no-index", "--no-compile", str(PIP)])
    last = REQUIREMENTS[profile][-1]
    say(f"Installing {last} (once; a minute or so)")
    pip_install(VENV / "bin" / "pip", ["-r", last])
    for name, files in REQUIREMENTS.items():
        if set(files) <= set(REQUIREMENTS[profile]):
            stamp(name).write_text(fingerprint(name))
    BUSY.unlink()
    say(f"Installed in {time.monotonic() - start:.0f} s")


def ensure(profile: str) -> None:
    """Install once, also when two terminals ask at the same time."""
    if is_installed(profile):
        return
    (ROOT / ".state").mkdir(mode=0o711, exist_ok=True)
    with (ROOT / ".state" / "install.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not is_installed(profile):
            install(profile)


def check_port(port: int) -> None:
    """Stop before anything slow if the site's port is taken."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except (OSError, OverflowError) as error:
            reason = getattr(error, "strerror", None) or "it is out of range"
            other = port + 1 if 0 < port < LAST_PORT else 8000
            raise Trouble(
                f"Port {port} cannot be used ({reason}). Choose another: make run PORT={other}"
            ) from None


def main() -> None:
    """Install, then become the command."""
    parser = argparse.ArgumentParser(description="Run a command in .venv.")
    parser.add_argument("--port", type=int)
    parser.add_argument("profile", choices=sorted(REQUIREMENTS))
    parser.add_argument("command", nargs=argparse.REMAINDER)
    options = parser.parse_args()
    try:
        if options.port is not None:
            check_port(options.port)
        ensure(options.profile)
    except Trouble as trouble:
        sys.exit(str(trouble))
    except KeyboardInterrupt:
        sys.exit("Interrupted; the next start begins the installation anew.")
    command = [part for part in options.command if part != "--"]
    python = VENV / "bin" / "python"
    os.execv(python, [str(python), *command])  # noqa: S606 - our own interpreter


if __name__ == "__main__":
    main()
