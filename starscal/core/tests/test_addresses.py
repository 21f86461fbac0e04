from __future__ import annotations

from typing import Any

import pytest
from django.test import RequestFactory
from pytest_django import Settings

from starscal.core.addresses import address_key, client_address

PROXIES = ["10.0.0.0/8", "fd00::/8"]


def asked(peer: str, forwarded: str) -> list[str]:
    """Return the address of a request and of a socket that come alike."""
    request = RequestFactory().get("/", REMOTE_ADDR=peer, headers={"X-Forwarded-For": forwarded})
    scope: dict[str, Any] = {
        "client": [peer, 1] if peer else None,
        "headers": [(b"x-forwarded-for", forwarded.encode("latin1"))],
    }
    return [client_address(request), client_address(scope)]


@pytest.mark.parametrize(
    ("peer", "forwarded", "expected"),
    [
        pytest.param("192.0.2.7", "", "192.0.2.7", id="nobody in between"),
        pytest.param("192.0.2.7", "198.51.100.1", "192.0.2.7", id="a stranger forges"),
        pytest.param("10.0.0.1", "198.51.100.1", "198.51.100.1", id="our proxy forwards"),
        pytest.param("10.0.0.1", "1.1.1.1, 198.51.100.1", "198.51.100.1", id="the caller forges"),
        pytest.param("10.0.0.1", "198.51.100.1, 10.0.0.2", "198.51.100.1", id="two proxies"),
        pytest.param("10.0.0.1", "nonsense", "10.0.0.1", id="no address"),
        pytest.param("10.0.0.1", "198.51.100.1, nonsense", "10.0.0.1", id="no address last"),
        pytest.param("10.0.0.1", "198.51.100.1:4711", "198.51.100.1", id="with a port"),
        pytest.param("10.0.0.1", "[2001:db8::1]:4711", "2001:db8::1", id="IPv6 with a port"),
        pytest.param("::ffff:10.0.0.1", "2001:db8::1", "2001:db8::1", id="mapped proxy"),
        pytest.param("::ffff:192.0.2.7", "", "192.0.2.7", id="mapped"),
        pytest.param("fd00::1", "2001:db8::2", "2001:db8::2", id="IPv6 proxy"),
        pytest.param("", "198.51.100.1", "unknown", id="no peer"),
    ],
)
def test_where_a_request_comes_from(
    settings: Settings, peer: str, forwarded: str, expected: str
) -> None:
    settings.TRUSTED_PROXIES = PROXIES
    assert asked(peer, forwarded) == [expected, expected]


def test_without_proxies_nothing_forwarded_counts(settings: Settings) -> None:
    settings.TRUSTED_PROXIES = []
    assert asked("10.0.0.1", "198.51.100.1") == ["10.0.0.1"] * 2


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("nonsense", "unknown"),
    ],
)
def test_what_an_address_is_counted_by(address: str, key: str) -> None:
    assert address_key(address) == key
