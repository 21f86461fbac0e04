"""Run the very steps of the Dockerfile and compose.yaml without a container engine.

Each stage gets a folder as its root; RUN, COPY, ENV and WORKDIR are carried out in it with the
image's paths mapped into that folder. Then the commands of compose.yaml are started against
private servers, and the web server is asked what a health check asks.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

from accounts.tokens.keys import key_generate, key_pem
from starscal.devservices import ports
from starscal.devservices.accounts import Account, succeeds
from starscal.devservices.console import say
from starscal.devservices.layout import CHECKOUT as ROOT
from starscal.devservices.layout import Layout
from starscal.devservices.postgres import private_postgres
from starscal.devservices.processes import last_lines, spawn, stop
from starscal.devservices.valkey import private_valkey
from starscal.devservices.waiting import poll
from starscal.health import ask, is_well
from tools.container_files import (
    Stage,
    Step,
    read_assignments,
    read_command,
    read_dockerfile,
    read_services,
)

IMAGE_PATH = re.compile(r"(?<![\w.:/-])/(app|opt)(?=[/\s\"':]|$)")
LEFT_OUT = shutil.ignore_patterns("__pycache__", "tests")
PUBLIC_NAME = "stars.example.org"
SECRETS = {
    "SECRET_KEY": "only-for-the-rehearsal-of-the-image-0000000000000000000000",
    "TOKEN_KEYS": key_pem(key_generate()).decode(),
    "ALLOWED_HOSTS": PUBLIC_NAME,
    "POSTGRES_PASSWORD": "unused",
    "REDIS_PASSWORD": "unused",
}
WEB = ("web-live", "web-http")
OWN_IMAGES = ("postgres", "redis")  # services of others; private servers stand in for them
READY_TIMEOUT_S = 60.0


class Room:
    """The file system of one stage, and the environment its commands get."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.folder = root
        programs = root / "usr" / "local" / "bin"
        programs.mkdir(parents=True)
        base = Path(sys.base_prefix) / "bin" / "python3"
        (programs / "python").symlink_to(base)
        self.env = {
            "PATH": f"{programs}:/usr/bin:/bin",
            "HOME": os.environ.get("HOME", "/"),
            **{name: value for name, value in os.environ.items() if name.startswith("PIP_")},
        }

    def mapped(self, text: str) -> str:
        """Turn the image's own paths in a text into paths of this room."""
        return IMAGE_PATH.sub(lambda found: f"{self.root}/{found[1]}", text)

    def place(self, text: str) -> Path:
        """Return where a path of the image lies in this room."""
        return self.root / text.lstrip("/") if text.startswith("/") else self.folder / text


def carry_out(step: Step, room: Room, rooms: Mapping[str, Room]) -> None:
    """Carry out one instruction."""
    if step.instruction == "WORKDIR":
        room.folder = room.place(step.text)
        room.folder.mkdir(parents=True, exist_ok=True)
    elif step.instruction == "ENV":
        words = read_assignments(step.text, room.env)
        room.env.update({name: room.mapped(value) for name, value in words.items()})
    elif step.instruction == "COPY":
        copy(step, room, rooms)
    elif step.instruction == "RUN":
        run(step.text, room)


def copy(step: Step, room: Room, rooms: Mapping[str, Room]) -> None:
    """Copy from the checkout or from an earlier stage."""
    *sources, target = step.text.split()
    for source in sources:
        origin = rooms[step.flags["from"]].place(source) if "from" in step.flags else ROOT / source
        ignore = None if "from" in step.flags else LEFT_OUT
        place = room.place(target)
        if origin.is_dir():
            shutil.copytree(origin, place, symlinks=True, dirs_exist_ok=True, ignore=ignore)
        else:
            shutil.copy2(origin, place / origin.name if place.is_dir() else place)


def run(command: str, room: Room) -> None:
    """Run a shell command of the image."""
    start = time.monotonic()
    done = subprocess.run(
        ["/bin/sh", "-e", "-c", room.mapped(command)],
        cwd=room.folder,
        env=room.env,
        check=False,
        capture_output=True,
        text=True,
    )
    say(f"  RUN {command[:72]:<72} {time.monotonic() - start:6.1f} s")
    if done.returncode:
        sys.exit(f"{done.stdout[-3000:]}{done.stderr[-3000:]}\nThe step failed: {command}")


def build(stages: list[Stage], scratch: Path) -> Room:
    """Carry out every stage and return the last one's room."""
    rooms: dict[str, Room] = {}
    for stage in stages:
        rooms[stage.name] = Room(scratch / stage.name)
        say(f"Stage {stage.name}")
        for step in stage.steps:
            carry_out(step, rooms[stage.name], rooms)
    return rooms[stages[-1].name]


def image_account(stage: Stage, room: Room) -> Account | None:
    """Return the account of the image, if we may become it and it can use our Python."""
    uid, _, gid = stage.last("USER").partition(":")
    account = Account(name=uid, uid=int(uid), gid=int(gid))
    python = room.place("/opt/venv/bin/python")
    if os.geteuid() == 0 and succeeds([str(python), "-c", "import django"], account):
        say(f"  running as {account.uid}:{account.gid}, as the image does")
        return account
    say(f"  account {account.uid} cannot run this machine's Python; running as ourselves")
    return None


class Rehearsal:
    """The services of compose.yaml as processes of this machine."""

    def __init__(self, room: Room, account: Account | None, scratch: Path) -> None:
        self.room = room
        self.account = account
        self.ports: dict[str, int] = {}
        self.logs = scratch / "logs"
        self.logs.mkdir()
        self.state = scratch / "tmp"
        self.state.mkdir(mode=0o777)
        self.state.chmod(0o777)
        self.running: dict[str, subprocess.Popen[bytes]] = {}

    def command(self, name: str, words: list[str]) -> list[str]:
        """Return a command of the image, on a port of this service's own, with our paths."""
        port = self.ports.setdefault(name, ports.free_port())
        mapped = [self.room.mapped(word).replace("/tmp/", f"{self.state}/") for word in words]  # noqa: S108
        python = str(self.room.place("/opt/venv/bin/python"))
        swapped = {"8000": str(port), "python": python, "0.0.0.0": "127.0.0.1"}  # noqa: S104
        return [swapped.get(word, word).replace(":8000/", f":{port}/") for word in mapped]

    def environment(self, given: Mapping[str, str], servers: Mapping[str, str]) -> dict[str, str]:
        """Return the environment of a service, with the private servers in place of its own."""
        state = {"STARSCAL_STATE_DIR": str(self.state / "starscal")}
        return {**self.room.env, **given, **servers, **state}

    def start(self, name: str, words: list[str], env: Mapping[str, str]) -> None:
        """Start a service."""
        with (self.logs / name).open("wb") as log:
            self.running[name] = spawn(
                self.command(name, words),
                log=log,
                env=env,
                cwd=self.room.place("/app"),
                account=self.account,
            )

    def complete(self, name: str, words: list[str], env: Mapping[str, str]) -> None:
        """Run a service that is meant to end."""
        start = time.monotonic()
        self.start(name, words, env)
        if self.running.pop(name).wait(timeout=300):
            self.fail(f"{name} failed", name)
        say(f"  {name} completed in {time.monotonic() - start:.1f} s")

    def ask(self, name: str, path: str) -> None:
        """Wait until a web server answers 200 under its public name."""
        url = f"http://127.0.0.1:{self.ports[name]}{path}"
        well = poll(
            lambda: is_well(url, host=PUBLIC_NAME), timeout_s=READY_TIMEOUT_S, interval_s=0.5
        )
        if not well:
            self.fail(f"{path} does not answer 200: {ask(url, host=PUBLIC_NAME)}", name)
        say(f"  {name} answers 200 to {path}")

    def fail(self, complaint: str, name: str) -> None:
        """End with a complaint and the last words of a service."""
        sys.exit("\n".join([*last_lines(self.logs / name), complaint]))

    def stop(self) -> None:
        """Stop every service."""
        for name, process in reversed(self.running.items()):
            if process.poll() is not None:
                self.fail(f"{name} ended by itself with status {process.returncode}", name)
        for process in reversed(self.running.values()):
            stop(process)


def start_servers(scratch: Path, stack: ExitStack) -> dict[str, str]:
    """Start the private servers that stand in for the images of PostgreSQL and Redis."""
    layout = Layout(state=scratch / "state")
    layout.prepare()
    log = stack.enter_context((scratch / "servers.log").open("wb"))
    postgres, valkey = private_postgres(layout), private_valkey(layout)
    stack.callback(postgres.abandon, postgres.start(log=log))
    stack.callback(valkey.stop, valkey.start(log=log))
    for line in (postgres.socket, valkey.socket):  # the image's account is neither of theirs
        line.chmod(0o777)
        line.parent.chmod(0o711)
    return {"DATABASE_URL": postgres.url, "REDIS_URL": valkey.url}


def rehearse(stage: Stage, room: Room, scratch: Path) -> None:
    """Start what compose.yaml starts, in its order, and look whether it is well."""
    services = read_services(ROOT / "compose.yaml", SECRETS)
    with ExitStack() as stack:
        servers = start_servers(scratch, stack)
        play = Rehearsal(room, image_account(stage, room), scratch)
        stack.callback(play.stop)
        ours = {
            name: each
            for name, each in services.items()
            if name not in OWN_IMAGES and "profiles" not in each
        }
        envs = {name: play.environment(each["environment"], servers) for name, each in ours.items()}
        play.complete("migrate", ours.pop("migrate")["command"], envs["migrate"])
        for name, service in ours.items():
            play.start(name, service["command"], envs[name])
        health = read_command(stage.last("HEALTHCHECK"))
        for name in WEB:
            for path in ("/livez", "/readyz"):
                play.ask(name, path)
            play.ports["healthcheck"] = play.ports[name]
            play.complete("healthcheck", health, envs[name])


def main() -> None:
    """Build and rehearse in a scratch folder."""
    with tempfile.TemporaryDirectory(prefix="starscal-image-") as folder:
        scratch = Path(folder)
        scratch.chmod(0o755)
        stages = read_dockerfile(ROOT / "Dockerfile")
        room = build(stages, scratch)
        say("Services of compose.yaml")
        rehearse(stages[-1], room, scratch)
    say("The steps of the image work.")


if __name__ == "__main__":
    main()
