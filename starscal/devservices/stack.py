"""Start the whole of StarsCalendars in order and keep it running: the work of `manage.py up`."""

import os
import signal
import subprocess
import sys
import time
from argparse import ArgumentParser
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO, Any

from accounts.tokens.store import keys_ensure
from starscal.devservices import console, ports
from starscal.devservices.environment import missing_names
from starscal.devservices.errors import DevServicesError, StopRequested
from starscal.devservices.layout import CHECKOUT, Layout, checkout_layout
from starscal.devservices.postgres import private_postgres
from starscal.devservices.processes import LIBC, PR_SET_PDEATHSIG, spawn
from starscal.devservices.state import (
    Ownership,
    StackNote,
    forget_servers,
    forget_stack,
    owner_note,
    write_servers,
    write_stack,
)
from starscal.devservices.supervisor import GRACE_S, Service, Supervisor, supervision
from starscal.devservices.valkey import private_valkey
from starscal.health import is_well

FIRST_MONTHS = 18
WEB_TIMEOUT_S = 60.0
WILDCARDS = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - to be reached from this machine
MESSAGES = ("manage.py", "messages", "compile")
MIGRATE = ("manage.py", "migrate", "--noinput", "--verbosity", "1")
ADMIN = ("manage.py", "bootstrap_admin")
COMPUTE = ("manage.py", "compute", "--months", str(FIRST_MONTHS))


@dataclass(frozen=True)
class Options:
    """What `manage.py up` was asked for."""

    host: str
    port: int
    with_parent: bool
    live_port: int = 0  # of the sockets, if they have a process of their own

    @property
    def ports(self) -> tuple[int, ...]:
        """Return the ports that web servers will listen on."""
        return (self.port, self.live_port) if self.live_port else (self.port,)

    @property
    def reachable_host(self) -> str:
        """Return the host under which this machine reaches the site."""
        return WILDCARDS.get(self.host, self.host)

    @property
    def url(self) -> str:
        """Return the address of the site, without a final slash."""
        return self.address("http", self.port)

    @property
    def live_url(self) -> str:
        """Return where the sockets are."""
        return self.address("ws", self.live_port or self.port) + "/ws/v1/live"

    def address(self, scheme: str, port: int) -> str:
        """Return an address of this machine, without a final slash."""
        host = self.reachable_host
        return f"{scheme}://[{host}]:{port}" if ":" in host else f"{scheme}://{host}:{port}"


def add_arguments(parser: ArgumentParser) -> None:
    """Describe the options of `manage.py up`."""
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=int, default=8000, help="port of the site")
    parser.add_argument(
        "--split",
        type=int,
        nargs="?",
        const=0,
        metavar="PORT",
        help="give the sockets a process and a port of their own (by default the next one)",
    )
    parser.add_argument(
        "--with-parent", action="store_true", help="stop when the process that started this ends"
    )


def main(argv: Sequence[str]) -> int:
    """Run `manage.py up` without loading Django into the supervisor; return the exit status."""
    parser = ArgumentParser(prog="manage.py up", description="Start everything, until Ctrl-C.")
    add_arguments(parser)
    return up(options_of(vars(parser.parse_args(argv))))


def options_of(chosen: Mapping[str, Any]) -> Options:
    """Return what was asked for on the command line."""
    split, port = chosen["split"], int(chosen["port"])
    return Options(
        host=str(chosen["host"]),
        port=port,
        with_parent=bool(chosen["with_parent"]),
        live_port=0 if split is None else split or port + 1,
    )


def up(options: Options) -> int:
    """Start everything and stay until somebody asks us to stop."""
    if options.with_parent and LIBC is not None:
        LIBC.prctl(PR_SET_PDEATHSIG, int(signal.SIGTERM), 0, 0, 0)
    try:
        refuse_taken_port(options)
        with supervision() as supervisor, ExitStack() as stack:
            Stack(options, checkout_layout(), supervisor, stack).run()
    except StopRequested:
        return 0
    except DevServicesError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def refuse_taken_port(options: Options) -> None:
    """Say in one line that a port is taken, before anything slow."""
    for port in options.ports:
        if not ports.is_free(options.host, port):
            raise DevServicesError(
                f"Port {port} is in use. Choose another: make run PORT={port + 1}"
            )


class Stack:
    """The processes of one `manage.py up`."""

    def __init__(
        self, options: Options, layout: Layout, supervisor: Supervisor, undo: ExitStack
    ) -> None:
        self.options = options
        self.layout = layout
        self.supervisor = supervisor
        self.undo = undo
        self.env = {**os.environ, "PYTHONUNBUFFERED": "1"}
        self.env.setdefault("DJANGO_SETTINGS_MODULE", "starscal.settings.local")
        self.env["SITE_URL"] = self.env.get("SITE_URL") or options.url  # where letters lead
        if options.live_port:
            self.env["LIVE_URL"] = options.live_url

    def run(self) -> None:
        """Start everything in order, then look after it."""
        start = time.monotonic()
        ownership = self.take_ownership()
        console.say("StarsCalendars")
        self.make_keys()
        messages = self.begin(MESSAGES, self.fresh_log("messages"))
        self.start_servers(ownership)
        self.finish("texts", "catalogues of ten languages built", messages, "messages")
        self.run_logged("migrations", "database schema up to date", MIGRATE)
        web = self.start_web()
        administrator = self.create_admin()
        self.compute()
        self.wait_for_web(web)
        self.start_workers()
        self.note_stack()
        self.greet(administrator, time.monotonic() - start)
        self.supervisor.run()
        console.say("Stopping ...")

    def take_ownership(self) -> Ownership:
        """Become the one supervisor of this checkout."""
        note = f"`manage.py up` at {self.options.url} (process {os.getpid()})"
        ownership = Ownership.take(self.layout, note=note)
        if ownership is None:
            raise DevServicesError(
                f"The private servers of this checkout are in use by {owner_note(self.layout)}."
            )
        self.undo.callback(console.say, "Stopped.")
        self.undo.callback(ownership.release)
        self.undo.callback(self.supervisor.stop_all)
        return ownership

    def make_keys(self) -> None:
        """Make the key that signs access tokens, unless the environment gives its own."""
        if not (self.env.get("TOKEN_KEYS") or self.env.get("TOKEN_KEYS_DIR")):
            keys_ensure(self.layout.state / "keys")

    def fresh_log(self, name: str) -> Path:
        """Return the log of a process, with the one of the run before set aside."""
        log = self.layout.logs / f"{name}.log"
        if log.exists():
            log.replace(log.with_suffix(".log.1"))
        log.touch(mode=0o600)
        return log

    def start_servers(self, ownership: Ownership) -> None:
        """Start the servers whose addresses the environment does not give, and note them."""
        keep = [ownership.servers.descriptor]
        addresses = {}
        missing = missing_names()
        if "DATABASE_URL" in missing:
            addresses["DATABASE_URL"] = self.start_postgres(keep)
        if "REDIS_URL" in missing:
            addresses["REDIS_URL"] = self.start_valkey(keep)
        self.env.update(addresses)
        self.undo.callback(forget_servers, self.layout)
        write_servers(self.layout, addresses)

    def start_postgres(self, keep: list[int]) -> str:
        """Start the private PostgreSQL and return its address."""
        server = private_postgres(self.layout)

        def begin(log: IO[bytes]) -> subprocess.Popen[bytes]:
            return server.start(log=log, keep=keep)

        with console.step("database", "PostgreSQL ready"):
            log = self.fresh_log("postgres")
            self.supervisor.add(Service("postgres", log, begin, signal.SIGINT, grace_s=30.0))
        return server.url

    def start_valkey(self, keep: list[int]) -> str:
        """Start the private Valkey and return its address."""
        server = private_valkey(self.layout)

        def begin(log: IO[bytes]) -> subprocess.Popen[bytes]:
            return server.start(log=log, keep=keep)

        with console.step("redis", "Valkey ready"):
            log = self.fresh_log("valkey")
            self.supervisor.add(Service("valkey", log, begin, grace_s=20.0))
        return server.url

    def begin(self, command: Sequence[str], log: Path | None) -> subprocess.Popen[bytes]:
        """Start one of our own commands; without a log it writes to the terminal."""
        argv = [sys.executable, *command]
        if log is None:
            return spawn(argv, log=None, env=self.env, cwd=CHECKOUT)
        with log.open("ab") as file:
            return spawn(argv, log=file, env=self.env, cwd=CHECKOUT)

    def finish(self, name: str, text: str, process: subprocess.Popen[bytes], log_name: str) -> None:
        """Wait for a command of the start and tell that it is done."""
        log = self.layout.logs / f"{log_name}.log"
        with console.step(name, text):
            self.supervisor.run_step(process, log, name)

    def run_logged(self, name: str, text: str, command: Sequence[str]) -> None:
        """Run a command of the start with its output in a log."""
        self.supervisor.refuse_if_stopping()
        self.finish(name, text, self.begin(command, self.fresh_log(name)), name)

    def create_admin(self) -> tuple[str, str] | None:
        """Create the first administrator where there is none; return name and password, once."""
        self.supervisor.refuse_if_stopping()
        start = time.monotonic()
        reader, writer = os.pipe()
        with os.fdopen(reader, "r", encoding="utf-8") as answer:
            argv = [sys.executable, *ADMIN, "--password-to", str(writer)]
            log = self.fresh_log("admin")
            try:
                with log.open("ab") as file:
                    process = spawn(argv, log=file, env=self.env, cwd=CHECKOUT, keep=[writer])
            finally:
                os.close(writer)
            self.supervisor.run_step(process, log, "admin")
            name, _, password = answer.read().strip().partition(" ")
        told = "administrator created" if password else "an administrator exists"
        console.say(console.step_line("admin", told, time.monotonic() - start))
        return (name, password) if password else None

    def compute(self) -> None:
        """Compute the coming months; the command draws its own progress."""
        self.supervisor.refuse_if_stopping()
        with console.step("sky", f"the next {FIRST_MONTHS} months computed"):
            self.supervisor.run_step(self.begin(COMPUTE, None), None, "sky")

    def start_web(self) -> dict[int, Service]:
        """Start the web servers, by port; they get ready while the sky is computed."""
        roles = {self.options.port: ("web", "starscal.web")}
        if self.options.live_port:
            roles = {
                self.options.live_port: ("live", "starscal.web"),
                self.options.port: ("http", "starscal.http"),
            }
        servers = {}
        for port, (name, module) in roles.items():
            listen = ("--host", self.options.host, "--port", str(port))
            servers[port] = self.service(name, "-m", module, *listen)
            self.supervisor.add(servers[port])
        return servers

    def wait_for_web(self, servers: Mapping[int, Service]) -> None:
        """Wait until the web servers answer."""
        told = "gunicorn and Daphne answer" if len(servers) > 1 else "Daphne answers"
        with console.step("web", told):
            for port, server in servers.items():
                well = partial(is_well, self.options.address("http", port) + "/livez")
                self.supervisor.wait_healthy(server, well, WEB_TIMEOUT_S)

    def note_stack(self) -> None:
        """Leave word for `manage.py report` of who runs here."""
        urls = [self.options.address("http", port) for port in self.options.ports]
        self.undo.callback(forget_stack, self.layout)
        write_stack(self.layout, StackNote(pid=os.getpid(), urls=urls))

    def start_workers(self) -> None:
        """Start what works behind the site."""
        schedule = self.layout.state / "celerybeat-schedule"
        celery = ("-m", "celery", "-q", "-A", "starscal.celery")  # quiet: no banner in the log
        told = "relay, worker and Telegram bot" if self.has_bot else "relay and worker"
        with console.step("workers", f"{told} started"):
            self.supervisor.add(self.service("relay", "manage.py", "relay"))
            self.supervisor.add(
                self.service("worker", *celery, "worker", "--pool", "solo", "--loglevel", "INFO",
                             "--without-mingle", "--without-gossip",
                             "--with-beat", "--schedule", str(schedule))
            )  # fmt: skip
            if self.has_bot:
                # What is being sent as it stops may take ten seconds to be answered.
                self.supervisor.add(self.service("telegram", "manage.py", "telegram", grace_s=15.0))
        if not self.has_bot:
            console.say("  The Telegram bot is off: TELEGRAM_BOT_TOKEN is not set.")

    @property
    def has_bot(self) -> bool:
        """Say whether there is a bot to run."""
        return bool(self.env.get("TELEGRAM_BOT_TOKEN"))

    def service(self, name: str, *command: str, grace_s: float = GRACE_S) -> Service:
        """Describe one of our own processes."""

        def begin(log: IO[bytes]) -> subprocess.Popen[bytes]:
            return spawn([sys.executable, *command], log=log, env=self.env, cwd=CHECKOUT)

        return Service(name, self.fresh_log(name), begin, grace_s=grace_s)

    def letters(self) -> list[tuple[str, str]]:
        """Say where letters are read while no mail server takes them."""
        if self.env.get("EMAIL_URL") or self.env.get("EMAIL_HOST"):
            return []
        return [("letters", os.path.relpath(self.layout.logs / "worker.log"))]

    def greet(self, administrator: tuple[str, str] | None, seconds: float) -> None:
        """Print the addresses, and how to sign in if that is new."""
        url = self.options.url
        console.say(f"\nReady in {seconds:.1f} s.\n")
        console.table(
            [
                ("site", f"{url}/"),
                ("API", f"{url}/api/v1/events"),
                ("API docs", f"{url}/api/v1/docs/"),
                ("admin", f"{url}/admin/"),
                ("sockets", self.options.live_url),
                ("logs", os.path.relpath(self.layout.logs)),
                *self.letters(),
            ]
        )
        if administrator:
            name, password = administrator
            console.say(f"\n  Sign in to admin as `{name}` with the password {password}")
            console.say(f"  It is shown this once; `manage.py changepassword {name}` sets another.")
        console.say("\nCtrl-C stops everything.")
