from __future__ import annotations

import pytest
from django.test import Client, RequestFactory
from prometheus_client.parser import text_string_to_metric_families
from pytest_django import Settings

from starscal.core import metrics
from starscal.core.heartbeat import RELAY_SEEN, heartbeat
from starscal.core.views import may_scrape

TOKEN = "t0ken-of-the-scraper"


def shown(client: Client) -> dict[str, dict[tuple[str, ...], float]]:
    text = client.get("/metrics").content.decode()
    return {
        family.name: {(s.name, *sorted(s.labels.values())): s.value for s in family.samples}
        for family in text_string_to_metric_families(text)
    }


@pytest.mark.django_db(transaction=True)
def test_the_page_parses_and_names_each_family_once(client: Client) -> None:
    text = client.get("/metrics").content.decode()
    names = [line.split()[2] for line in text.splitlines() if line.startswith("# TYPE")]
    assert len(names) == len(set(names))
    expected = {
        "starscal_build_info",
        "starscal_http_request_seconds",
        "starscal_live_sockets",
        "starscal_live_deliveries_total",
        "starscal_live_gap_fills_total",
        "starscal_live_resets_total",
        "starscal_live_closes_total",
        "starscal_hub_restarts_total",
        "starscal_relay_messages_total",
        "starscal_relay_errors_total",
        "starscal_relay_lag_seconds",
        "starscal_outbox_lag_seconds",
        "starscal_errors_total",
        "starscal_language_answers_total",
        "starscal_db_pool",
        "starscal_check_up",
        "process_resident_memory_bytes",
    }
    assert expected <= set(names)


@pytest.mark.django_db(transaction=True)
def test_figures_of_a_process_without_a_port_come_with_its_heartbeat(client: Client) -> None:
    metrics.relay_messages_total.inc(3)
    heartbeat(RELAY_SEEN)
    here = metrics.SHARED.get_sample_value("starscal_relay_messages_total")
    found = shown(client)
    assert found["starscal_relay_messages"][("starscal_relay_messages_total", "relay")] == here
    assert ("starscal_process_age_seconds", "relay") in found["starscal_process_age_seconds"]


@pytest.mark.parametrize(
    ("peer", "headers", "token", "allowed"),
    [
        pytest.param("127.0.0.1", {}, "", True, id="loopback"),
        pytest.param("::1", {}, "", True, id="loopback-6"),
        pytest.param("10.1.2.3", {}, "", True, id="private"),
        pytest.param("8.8.8.8", {}, "", False, id="public"),
        pytest.param("", {}, "", False, id="unknown"),
        pytest.param("10.1.2.3", {"X-Forwarded-For": "8.8.8.8"}, "", False, id="proxied"),
        pytest.param("8.8.8.8", {"Authorization": f"Bearer {TOKEN}"}, TOKEN, True, id="token"),
        pytest.param("8.8.8.8", {"Authorization": "Bearer no"}, TOKEN, False, id="wrong-token"),
        pytest.param("8.8.8.8", {"Authorization": "Bearer "}, "", False, id="no-token-set"),
        pytest.param("8.8.8.8", {"Authorization": "Bearer é"}, TOKEN, False, id="not-ascii"),
    ],
)
def test_who_may_read_the_metrics(
    rf: RequestFactory,
    settings: Settings,
    peer: str,
    headers: dict[str, str],
    token: str,
    allowed: bool,
) -> None:
    settings.METRICS_TOKEN = token
    request = rf.get("/metrics", headers=headers, REMOTE_ADDR=peer)
    assert may_scrape(request) is allowed


def test_others_are_refused_with_what_is_allowed(client: Client) -> None:
    answer = client.get("/metrics", REMOTE_ADDR="8.8.8.8")
    assert answer.status_code == 403
    assert b"METRICS_TOKEN" in answer.content


def test_close_codes_of_clients_cannot_fill_the_memory() -> None:
    for code in [None, *range(3000, 4400)]:
        metrics.live_close_count(code)
    metrics.live_close_count(4408)
    (family,) = metrics.live_closes_total.collect()
    assert {sample.labels["code"] for sample in family.samples} <= {
        "other",
        *map(str, metrics.CLOSE_CODES),
    }


def test_groups_of_errors_shown_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metrics, "_groups_seen", set())
    for number in range(3 * metrics.GROUPS_SHOWN):
        metrics.error_count(f"bounded-{number}", "test")
    (family,) = metrics.errors_total.collect()
    groups = {s.labels["group"] for s in family.samples if s.labels["where"] == "test"}
    assert len(groups) == metrics.GROUPS_SHOWN + 1
    assert "other" in groups
