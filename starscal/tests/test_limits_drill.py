"""T9 and T9b: limits hold exactly, under load, against forged headers, and without Redis."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Iterator
from contextlib import ExitStack
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

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

CAPACITY, WINDOW_S = 20, 1200  # refills so slowly that a burst meets no new token
RATE = CAPACITY / WINDOW_S
# For sign-in what everybody has; nothing else is held back.
RATES = (
    f"api-anonymous={CAPACITY}/{WINDOW_S},"
    "login-address=30/600,login-account=8/3600,login-known=10/3600,login-all=300/60"
)
READ = "/api/v1/problems"
LOGIN = "/admin/login/"
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


async def flood(servers: list[LiveServer], requests: int) -> list[int]:
    """Ask all at once, in turn of the servers, each time as somebody else; return the statuses."""
    async with httpx.AsyncClient(timeout=60, limits=httpx.Limits(max_connections=None)) as client:
        asked = [
            client.get(servers[number % len(servers)].url + READ, headers=forged())
            for number in range(requests)
        ]
        answers = await asyncio.gather(*asked)
    for answer in answers:
        if answer.status_code == 429:
            assert 1 <= int(answer.headers["Retry-After"]) <= 1 / RATE + 1
    return [answer.status_code for answer in answers]


@pytest.mark.drill("T9")
def test_processes_give_exactly_what_the_bucket_holds(town: Town, figures: dict[str, Any]) -> None:
    started = time.monotonic()
    statuses = asyncio.run(flood(town.servers, 200))
    seconds = time.monotonic() - started
    allowed, expected = statuses.count(200), CAPACITY + int(seconds * RATE)
    figures.update(asked=200, allowed=allowed, expected=expected, seconds=round(seconds, 2))
    assert allowed + statuses.count(429) == 200
    assert abs(allowed - expected) <= 1


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
        refused = sign_in(client, url, "vega", PASSWORD)
        alive = client.get(url + "/livez").status_code
    figures.update(median_ms=round(sorted(seconds)[30] * 1000, 1), login=refused.status_code)
    assert set(statuses) == {200}
    assert sorted(seconds)[30] < 0.25  # nobody waits for Redis' time-out
    assert refused.status_code == 503
    assert int(refused.headers["Retry-After"]) > 0
    assert alive == 200


def sign_in(client: httpx.Client, url: str, name: str, password: str) -> httpx.Response:
    """Sign in to the admin with a token of the form's own."""
    token = client.cookies.get("csrftoken")
    if token is None:
        client.get(url + LOGIN)
        token = client.cookies["csrftoken"]
    data = {"username": name, "password": password, "csrfmiddlewaretoken": token}
    return client.post(url + LOGIN, data=data, headers=forged())


def stranger(number: int) -> httpx.Client:
    """Return a client with an address of its own on the loopback network."""
    address = f"127.0.{1 + number // 250}.{1 + number % 250}"
    return httpx.Client(transport=httpx.HTTPTransport(local_address=address), timeout=30)


def reached_hasher(answer: httpx.Response) -> bool:
    assert answer.status_code in {200, 302, 429, 503}
    return answer.status_code in {200, 302}


@pytest.mark.drill("T9b")
def test_guesses_at_one_account_from_many_addresses(town: Town, figures: dict[str, Any]) -> None:
    guesses, addresses = (2000, 200) if drill_full() else (150, 50)
    User.objects.create_superuser("vega", password=PASSWORD)
    url = town.servers[0].url
    with stranger(900) as owner:
        assert sign_in(owner, url, "vega", PASSWORD).status_code == 302
        device = {"device": owner.cookies["device"], "csrftoken": owner.cookies["csrftoken"]}
    reached = 0
    for number in range(addresses):
        with stranger(number) as client:
            for at in range(guesses // addresses):
                answer = sign_in(client, url, "vega", f"guess {number} {at}")
                reached += reached_hasher(answer)
    with stranger(901) as owner:  # elsewhere, on the device
        owner.cookies.update(device)
        by_device = sign_in(owner, url, "vega", PASSWORD).status_code
    with stranger(900) as owner:  # at home, without its cookies
        at_home = sign_in(owner, url, "vega", PASSWORD).status_code
    with stranger(902) as somebody:
        elsewhere = sign_in(somebody, url, "vega", PASSWORD).status_code
    figures.update(guesses=guesses, reached=reached, owner=[by_device, at_home, elsewhere])
    assert reached <= 20
    assert (by_device, at_home, elsewhere) == (302, 302, 429)


@pytest.mark.drill("T9b")
def test_one_address_sprays_many_accounts(town: Town, figures: dict[str, Any]) -> None:
    accounts = 2000 if drill_full() else 150
    url = town.servers[0].url
    with stranger(1) as client:
        reached = sum(
            reached_hasher(sign_in(client, url, f"person{number}", PASSWORD))
            for number in range(accounts)
        )
    figures.update(accounts=accounts, reached=reached)
    assert reached <= 60
