from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from celery import current_app
from django.core.exceptions import ImproperlyConfigured

from starscal.settings import env, mail

STARTED = "import django; django.setup(); print('started')"
GOOD = {
    "SECRET_KEY": "k" * 50,
    "DATABASE_URL": "postgresql://db/starscal",
    "REDIS_URL": "redis://redis:6379/0",
    "ALLOWED_HOSTS": "stars.example",
    "TOKEN_KEYS_DIR": "/run/keys",
}


def start(line: str = STARTED, **variables: str) -> str:
    """Return the last line of a start of production with only these variables."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    done = subprocess.run(
        [sys.executable, "-c", line],
        env={**kept, **variables, "DJANGO_SETTINGS_MODULE": "starscal.settings.production"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    return (done.stdout + done.stderr).strip().splitlines()[-1]


def test_production_starts_when_all_is_set() -> None:
    assert start(**GOOD) == "started"


@pytest.mark.parametrize("missing", GOOD)
def test_production_refuses_to_start_half_configured(missing: str) -> None:
    last = start(**{name: value for name, value in GOOD.items() if name != missing})
    assert last.startswith("django.core.exceptions.ImproperlyConfigured: ")
    assert missing in last


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("SECRET_KEY", "short", "at least 50"),
        ("LOG_JSON", "maybe", "LOG_JSON takes 1 or 0"),
        ("DB_POOL_MAX", "0", "whole number from 1"),
        ("DB_POOL_MIN", "-3", "whole number from 0"),
        ("LIVE_SOCKETS_PER_ADDRESS", "0", "whole number from 1"),
        ("LOG_LEVEL", "loud", "LOG_LEVEL takes one of"),
        ("ALLOWED_HOSTS", "*", "Set SITE_URL"),
        ("SITE_URL", "stars.example", "Set SITE_URL"),
    ],
)
def test_a_wrong_value_is_named_with_what_is_allowed(name: str, value: str, said: str) -> None:
    assert said in start(**{**GOOD, name: value})


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("TELEGRAM_BOT_TOKEN", "12345:too-short-to-be-one", "the token that BotFather gave"),
        ("TELEGRAM_WEBHOOK_SECRET", "words with spaces", "1 to 256 of the signs"),
        ("TELEGRAM_WEBHOOK_SECRET", "s" * 257, "1 to 256 of the signs"),
        ("TELEGRAM_API_BASE", "https://name:word@api.example", "the address of a Bot API server"),
        ("TELEGRAM_API_BASE", "api.telegram.example", "the address of a Bot API server"),
        ("TELEGRAM_CHANNEL_ID", "starsky", "a number such as -1001234567890, or @name"),
        ("TELEGRAM_CHANNEL_LANGUAGE", "tlh", "one of en, zh-hans, es"),
        ("TELEGRAM_MEMBERS_ONLY", "digest,moonlight", "some of digest, reminders, figures"),
    ],
)
def test_a_wrong_value_for_the_bot_is_named_and_not_shown(name: str, value: str, said: str) -> None:
    last = start(**{**GOOD, name: value})
    assert last.startswith("django.core.exceptions.ImproperlyConfigured: ")
    assert f"{name} takes {said}" in last
    assert value not in last


def test_members_are_members_of_a_channel() -> None:
    last = start(**GOOD, TELEGRAM_MEMBERS_ONLY="digest")
    assert "TELEGRAM_MEMBERS_ONLY needs TELEGRAM_CHANNEL_ID" in last


def test_the_bot_is_configured_by_the_environment() -> None:
    given = {
        "TELEGRAM_BOT_TOKEN": "123456789:" + "A" * 35,
        "TELEGRAM_WEBHOOK_SECRET": "s-1_A",
        "TELEGRAM_CHANNEL_ID": "@stars_news",
        "TELEGRAM_CHANNEL_LANGUAGE": "PT-BR",
        "TELEGRAM_MEMBERS_ONLY": "Digest, figures",
    }
    line = (
        "from django.conf import settings as s; print(s.TELEGRAM_API_BASE, s.TELEGRAM_CHANNEL_ID, "
        "s.TELEGRAM_CHANNEL_LANGUAGE, s.TELEGRAM_MEMBERS_ONLY)"
    )
    told = "https://api.telegram.org @stars_news pt-br ['digest', 'figures']"
    assert start(line, **GOOD, **given) == told


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({}, "https://stars.example StarsCalendars <noreply@stars.example>"),
        (
            {"SITE_URL": "", "MAIL_FROM": ""},
            "https://stars.example StarsCalendars <noreply@stars.example>",
        ),
        (
            {"SITE_URL": "https://sky.example/", "MAIL_FROM": "a@b.example"},
            "https://sky.example a@b.example",
        ),
    ],
    ids=["left-out", "empty", "set"],
)
def test_letters_have_a_sender_and_lead_somewhere(variables: dict[str, str], said: str) -> None:
    line = "from starscal.settings import production as p; print(p.SITE_URL, p.DEFAULT_FROM_EMAIL)"
    assert start(line, **GOOD, **variables) == said


@pytest.mark.parametrize(
    ("value", "meant"),
    [("1", True), ("TRUE", True), (" on ", True), ("no", False), ("", False), ("0", False)],
)
def test_flags(monkeypatch: pytest.MonkeyPatch, value: str, meant: bool) -> None:
    monkeypatch.setenv("A_FLAG", value)
    assert env.flag("A_FLAG", default=True) is meant


def test_what_is_not_set_has_its_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("A_FLAG", raising=False)
    assert env.flag("A_FLAG", default=True)
    assert env.whole("A_FLAG", 7) == 7
    assert env.words("A_FLAG", "a, b,,") == ["a", "b"]
    with pytest.raises(ImproperlyConfigured, match="Set A_FLAG"):
        env.required("A_FLAG")


def test_what_serves_nobody_carries_no_web_server() -> None:
    line = "import django, sys; django.setup(); print('autobahn' in sys.modules)"
    assert start(line, **GOOD) == "False"


def local_key(folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", "from starscal.settings import local; print(local.SECRET_KEY)"],
        env={"PATH": os.environ["PATH"], "STARSCAL_STATE_DIR": str(folder)},
        stdout=subprocess.PIPE,
        text=True,
    )


def test_processes_that_start_at_once_share_one_secret_key(tmp_path: Path) -> None:
    tmp_path.joinpath("secret_key").touch()  # as one leaves it that has not written it yet
    started = [local_key(tmp_path) for _number in range(3)]
    keys = {process.communicate(timeout=60)[0].strip() for process in started}
    assert len(keys) == 1
    assert len(keys.pop()) > 50


def test_celery_is_loaded_with_django_and_not_with_the_package() -> None:
    code = "import sys, starscal.health, starscal.settings.local; sys.exit('celery' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=60).returncode == 0
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(lambda: current_app.main).result() == "starscal"


@pytest.mark.parametrize(
    ("url", "host", "port", "tls", "ssl"),
    [
        ("smtp://mail.example", "mail.example", 25, False, False),
        ("smtp+tls://u:p%40ss@mail.example:2525", "mail.example", 2525, True, False),
        ("smtps://mail.example", "mail.example", 465, False, True),
    ],
)
def test_servers_by_address(url: str, host: str, port: int, tls: bool, ssl: bool) -> None:
    found = mail.server(url)
    assert (found["EMAIL_HOST"], found["EMAIL_PORT"]) == (host, port)
    assert (found["EMAIL_USE_TLS"], found["EMAIL_USE_SSL"]) == (tls, ssl)
    if "@" in url:
        assert found["EMAIL_HOST_PASSWORD"] == "p@ss"


@pytest.mark.parametrize("url", ["http://mail.example", "smtp://", "smtp://mail.example:0x", "x"])
def test_an_address_of_a_server_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="EMAIL_URL takes"):
        mail.server(url)
