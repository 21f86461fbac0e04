"""T9 and T9b: limits hold exactly, under load, against forged headers, and without Redis."""

from __future__ import annotations

import asyncio
import random
import re
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from redis import Redis

from accounts.models import User
from starscal.devservices.layout import Layout
from starscal.devservices.valkey import FLEETING, private_valkey
from starscal.devservices.waiting import poll
from starscal.testing.drill.load import drill_full
from starscal.testing.live import LiveServer, new_server

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(900),
]

CAPACITY, WINDOW_S = 20, 1200  # refills so slowly that a burst meets no new token
RATE = CAPACITY / WINDOW_S
# For sign-in what everybody has; nothing else is held back.
RATES = (
    f"api-anonymous={CAPACITY}/{WINDOW_S},"
    "login-address=30/600,login-account=8/3600,login-known=10/3600,login-all=300/60"
)
READ = "/api/v1/problems"
READ_S = 0.25 if drill_full() else 1.0  # a suite may share its machine with others
PASSWORD = "a long and good password"


class Town:
    """Two web processes and a Redis of their own that a test may kill."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        layout = Layout(state=folder / "state")
        layout.prepare()
        self.log = stack.enter_context((folder / "valkey.log").open("wb"))
        self.private = private_valkey(layout, options=FLEETING)
        self.valkey = self.private.start(log=self.log)
        stack.callback(lambda: self.private.stop(self.valkey))
        self.servers: list[LiveServer] = []
        for number in range(2):
            place = folder / str(number)
            place.mkdir()
            server = new_server(place)
            server.environment = {"REDIS_URL": self.private.url, "RATE_LIMITS": RATES}
            stack.callback(server.stop)
            server.start()
            self.servers.append(server)

    def kill_redis(self) -> None:
        """End Redis as `kill -9` does."""
        self.valkey.kill()
        self.valkey.wait()

    def begin(self) -> None:
        """Have Redis run, every process count again, and every bucket full."""
        if self.valkey.poll() is not None:
            self.valkey = self.private.start(log=self.log)
            assert poll(lambda: all(map(counts, self.servers)), timeout_s=30)
        with Redis.from_url(self.private.url) as redis:
            redis.flushdb()


def counts(server: LiveServer) -> bool:
    """Say whether a process takes from the bucket of whoever reads."""
    return "RateLimit" in httpx.get(server.url + READ, timeout=30).headers


@pytest.fixture(scope="module")
def standing_town(
    django_db_setup: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Town]:
    """Keep one town for the module."""
    with ExitStack() as stack:
        yield Town(tmp_path_factory.mktemp("town"), stack)


@pytest.fixture
def town(standing_town: Town, transactional_db: None) -> Town:
    """Return the town with full buckets."""
    standing_town.begin()
    return standing_town


def forged() -> dict[str, str]:
    address = f"198.51.{random.randrange(256)}.{random.randrange(256)}"
    return {
        "X-Forwarded-For": address,
        "X-Real-IP": address,
        "Forwarded": f"for={address}",
        "CF-Connecting-IP": address,
    }


async def flood(servers: list[LiveServer], requests: int) -> list[tuple[int, float]]:
    """Ask all at once, in turn of the servers, each time as somebody else.

    Return the status of each, and the moment before which nobody can have counted it.
    """

    async def ask(number: int) -> tuple[httpx.Response, float]:
        asked_at = time.monotonic()
        url = servers[number % len(servers)].url + READ
        return await client.get(url, headers=forged()), asked_at

    async with httpx.AsyncClient(timeout=60, limits=httpx.Limits(max_connections=None)) as client:
        answers = await asyncio.gather(*(ask(number) for number in range(requests)))
    for answer, _asked_at in answers:
        if answer.status_code == 429:
            assert 1 <= int(answer.headers["Retry-After"]) <= 1 / RATE + 1
    return [(answer.status_code, asked_at) for answer, asked_at in answers]


@pytest.mark.drill("T9")
def test_processes_give_exactly_what_the_bucket_holds(town: Town, figures: dict[str, Any]) -> None:
    started = time.monotonic()
    answers = asyncio.run(flood(town.servers, 200))
    seconds = time.monotonic() - started
    statuses = [status for status, _asked_at in answers]
    allowed = statuses.count(200)
    # Who was refused found the bucket empty: what it held and got until then had been given away.
    refused_s = max(asked_at for status, asked_at in answers if status == 429) - started
    expected = [CAPACITY + int(until_s * RATE) for until_s in (refused_s, seconds)]
    figures.update(asked=200, allowed=allowed, expected=expected, seconds=round(seconds, 2))
    assert allowed + statuses.count(429) == 200
    assert expected[0] - 1 <= allowed <= expected[1] + 1


@pytest.mark.drill("T9")
def test_without_redis_reads_pass_at_once_and_sign_in_waits(
    town: Town, figures: dict[str, Any]
) -> None:
    url = town.servers[0].url
    town.kill_redis()
    statuses, seconds = [], []
    with httpx.Client(timeout=30) as client:
        for _time in range(60):
            started = time.monotonic()
            statuses.append(client.get(url + READ, headers=forged()).status_code)
            seconds.append(time.monotonic() - started)
        refused = [one.sign_in(client, url, "vega", PASSWORD) for one in SURFACES.values()]
        alive = client.get(url + "/livez").status_code
    logins = [answer.status_code for answer in refused]
    figures.update(median_ms=round(sorted(seconds)[30] * 1000, 1), logins=logins)
    assert set(statuses) == {200}
    assert sorted(seconds)[30] < READ_S  # nobody waits for Redis' time-out
    assert logins == [503, 503, 503]
    assert all(int(answer.headers["Retry-After"]) > 0 for answer in refused)
    assert alive == 200


@dataclass(frozen=True)
class Surface:
    """Where a password can be tried, and what it answers to a right and to a wrong one."""

    path: str
    right: int
    wrong: int

    def sign_in(self, client: httpx.Client, url: str, name: str, password: str) -> httpx.Response:
        """Try a password, as somebody else each time as far as headers go."""
        given = {"username": name, "password": password}
        if self.path.startswith("/api/"):
            return client.post(url + self.path, json=given, headers=forged())
        given["login"] = name
        given["csrfmiddlewaretoken"] = form_token(client, url + self.path)
        return client.post(url + self.path, data=given, headers=forged())


SURFACES = {
    "admin": Surface("/admin/login/", 302, 200),
    "page": Surface("/en/account/sign-in/", 302, 401),
    "api": Surface("/api/v1/auth/token", 200, 401),
}


@pytest.fixture(params=SURFACES if drill_full() else ["admin", "api"])
def surface(request: pytest.FixtureRequest) -> Surface:
    """Return each surface in turn."""
    return SURFACES[request.param]


def form_token(client: httpx.Client, form: str) -> str:
    if client.cookies.get("csrftoken") is None:
        client.get(form)
    return client.cookies["csrftoken"]


def stranger(number: int) -> httpx.Client:
    """Return a client with an address of its own on the loopback network."""
    address = f"127.0.{1 + number // 250}.{1 + number % 250}"
    transport = httpx.HTTPTransport(local_address=address, verify=False)  # loads no certificates
    return httpx.Client(transport=transport, timeout=30)


def hashes(url: str) -> int:
    """Return how often the hasher of a server has worked, as the server counts it."""
    told = re.search(r"^starscal_password_hashes_total (\S+)$", metrics(url), re.MULTILINE)
    assert told
    return int(float(told[1]))


def metrics(url: str) -> str:
    return httpx.get(f"{url}/metrics", timeout=30).text


@pytest.mark.drill("T9b")
def test_guesses_at_one_account_from_many_addresses(
    town: Town, surface: Surface, figures: dict[str, Any]
) -> None:
    guesses, addresses = (2000, 200) if drill_full() else (120, 40)
    User.objects.create_superuser("vega", password=PASSWORD)
    url = town.servers[0].url
    with stranger(900) as owner:
        assert surface.sign_in(owner, url, "vega", PASSWORD).status_code == surface.right
        device = owner.cookies["device"]
    before, statuses = hashes(url), Counter[int]()
    for number in range(addresses):
        with stranger(number) as client:
            for at in range(guesses // addresses):
                answer = surface.sign_in(client, url, "vega", f"guess {number} {at}")
                statuses[answer.status_code] += 1
    reached = hashes(url) - before
    owners = owner_tries(surface, url, device)
    figures.update(surface=surface.path, guesses=guesses, reached=reached, owner=owners)
    assert set(statuses) == {surface.wrong, 429}
    assert 0 < reached <= 20
    assert statuses[surface.wrong] == reached
    assert owners == [surface.right, surface.right, 429]


def owner_tries(surface: Surface, url: str, device: str) -> list[int]:
    """Sign in elsewhere on the known device, at home without it, and as a stranger."""
    answers = []
    for number, cookies in ((901, {"device": device}), (900, {}), (902, {})):
        with stranger(number) as client:
            client.cookies.update(cookies)
            answers.append(surface.sign_in(client, url, "vega", PASSWORD).status_code)
    return answers


@pytest.mark.drill("T9b")
def test_one_address_sprays_many_accounts(
    town: Town, surface: Surface, figures: dict[str, Any]
) -> None:
    accounts = 2000 if drill_full() else 120
    url = town.servers[0].url
    before, statuses = hashes(url), Counter[int]()
    with stranger(1) as client:
        for number in range(accounts):
            answer = surface.sign_in(client, url, f"person{number}", PASSWORD)
            statuses[answer.status_code] += 1
    reached = hashes(url) - before
    figures.update(surface=surface.path, accounts=accounts, reached=reached)
    assert set(statuses) == {surface.wrong, 429}
    assert 0 < reached <= 60
    assert statuses[surface.wrong] == reached
