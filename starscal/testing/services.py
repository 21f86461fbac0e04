"""Start one PostgreSQL and one Valkey for a test run, before Django reads its settings.

Loaded by `-p starscal.testing.services`. The workers of pytest-xdist inherit the addresses; each
gets a Redis prefix of its own, and pytest-django gives each a database of its own.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from redis import Redis

from accounts.tokens.keys import key_generate, key_pem
from starscal.core.catalogues import catalogues_compile
from starscal.core.ratelimit import BREAKER
from starscal.devservices.environment import missing_names
from starscal.devservices.errors import DevServicesError
from starscal.devservices.layout import Layout
from starscal.devservices.postgres import FAST, private_postgres
from starscal.devservices.valkey import FLEETING, private_valkey

pytest_plugins = [
    "starscal.testing.drill.plugin",
    "starscal.testing.live",
    "starscal.testing.databases",
    "starscal.testing.browser",
    "starscal.testing.javascript",
    "starscal.testing.telegram.plugin",
]

STARTED = pytest.StashKey[ExitStack]()

# A busy machine is no fault of an example that took long.
hypothesis_settings.register_profile(
    "suite", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("suite")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(
    early_config: pytest.Config,
) -> Iterator[None]:
    """Start the servers ahead of pytest-django, which reads the settings in this hook."""
    options = early_config.known_args_namespace
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    os.environ["REDIS_PREFIX"] = f"starscal-test-{worker or 'main'}"
    if worker is None and not (options.help or options.version):
        catalogues_compile()
        for name in [name for name in os.environ if name.startswith("TELEGRAM_")]:
            del os.environ[name]  # no test speaks for somebody's real bot
        os.environ["TOKEN_KEYS"] = key_pem(key_generate()).decode()
        stack = early_config.stash[STARTED] = ExitStack()
        try:
            set_for_the_run(stack, "BACKUP_DIR", new_folder(stack, "backups"))
            start_servers(stack)
        except DevServicesError as error:
            stack.close()
            raise pytest.UsageError(str(error)) from None
    yield


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop what this process started."""
    stack = config.stash.get(STARTED, None)
    if stack is not None:
        stack.close()


def start_servers(stack: ExitStack) -> None:
    """Start the servers whose addresses the environment does not give."""
    missing = missing_names()
    if not missing:
        return
    layout = Layout(state=Path(new_folder(stack, "servers")))
    layout.prepare()
    log = stack.enter_context((layout.logs / "servers.log").open("wb"))
    if "DATABASE_URL" in missing:
        postgres = private_postgres(layout, options=FAST)
        stack.callback(postgres.abandon, postgres.start(log=log))
        set_for_the_run(stack, "DATABASE_URL", postgres.url)
    if "REDIS_URL" in missing:
        valkey = private_valkey(layout, options=FLEETING)
        stack.callback(valkey.stop, valkey.start(log=log))
        set_for_the_run(stack, "REDIS_URL", valkey.url)


def new_folder(stack: ExitStack, name: str) -> str:
    """Make a folder that goes when the servers stop."""
    folder = tempfile.mkdtemp(prefix=f"starscal-test-{name}-")
    stack.callback(shutil.rmtree, folder, ignore_errors=True)
    return folder


@pytest.fixture(scope="session")
def redis_of_the_run() -> Iterator[Redis]:
    """Keep a connection to Redis that waits as long as it takes."""
    with Redis.from_url(os.environ["REDIS_URL"]) as redis:
        yield redis


@pytest.fixture(autouse=True)
def full_buckets(redis_of_the_run: Redis) -> Iterator[None]:
    """Leave no bucket behind that a test took from, nor what was noted of anybody for a while.

    Two tests that guess at one account share its bucket; and what is little of a small limit looks
    like all of a large one that refills fast. One that had Redis away left it alone for a while.
    """
    yield
    BREAKER.answered()
    for kind in ("limit", "known"):
        names = list(redis_of_the_run.scan_iter(f"{os.environ['REDIS_PREFIX']}:{kind}:*", 1000))
        if names:
            redis_of_the_run.delete(*names)


def set_for_the_run(stack: ExitStack, name: str, value: str) -> None:
    """Set a variable of the environment until the servers stop."""
    os.environ[name] = value
    stack.callback(os.environ.pop, name, None)
